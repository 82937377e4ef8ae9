"""Every instrument by name, article by article, written out by hand."""

from __future__ import annotations

from sim.policy.conduct.advertising_quality import AdvertisingQuality
from sim.policy.conduct.disclosure import Disclosure
from sim.policy.conduct.merchant_vetting import MerchantVetting
from sim.policy.conduct.price_conduct import PriceConduct
from sim.policy.data.algorithm_audit import AlgorithmAudit
from sim.policy.data.data_limit import DataLimit
from sim.policy.data.personal_pricing_ban import PersonalPricingBan
from sim.policy.enforcement.antitrust_fine import AntitrustFine
from sim.policy.enforcement.compliance_audit import ComplianceAudit
from sim.policy.enforcement.coordination import Coordination
from sim.policy.enforcement.credit_lists import CreditLists
from sim.policy.enforcement.digital_monitoring import DigitalMonitoring
from sim.policy.enforcement.inspection_recognition import InspectionRecognition
from sim.policy.fees.commission_cap import CommissionCap
from sim.policy.finance.platform_credit import PlatformCredit
from sim.policy.finance.tax_reporting import TaxReporting
from sim.policy.innovation.innovation_support import InnovationSupport
from sim.policy.instrument import AbstractInstrument
from sim.policy.openness.exclusivity_ban import ExclusivityBan
from sim.policy.openness.interoperability import Interoperability
from sim.policy.openness.neutral_ranking import NeutralRanking
from sim.policy.openness.small_merchant_traffic import SmallMerchantTraffic
from sim.policy.structure.size_tiers import SizeTiers
from sim.policy.workers.employment_status import EmploymentStatus
from sim.policy.workers.injury_cover import InjuryCover
from sim.policy.workers.licensed_supply import LicensedSupply
from sim.policy.workers.minimum_pay import MinimumPay
from sim.policy.workers.work_rules import WorkRules

CATALOGUE: dict[str, type[AbstractInstrument]] = {
    "price_conduct": PriceConduct,
    "size_tiers": SizeTiers,
    "compliance_audit": ComplianceAudit,
    "disclosure": Disclosure,
    "coordination": Coordination,
    "inspection_recognition": InspectionRecognition,
    "antitrust_fine": AntitrustFine,
    "exclusivity_ban": ExclusivityBan,
    "advertising_quality": AdvertisingQuality,
    "merchant_vetting": MerchantVetting,
    "licensed_supply": LicensedSupply,
    "tax_reporting": TaxReporting,
    "platform_credit": PlatformCredit,
    "data_limit": DataLimit,
    "personal_pricing_ban": PersonalPricingBan,
    "algorithm_audit": AlgorithmAudit,
    "digital_monitoring": DigitalMonitoring,
    "credit_lists": CreditLists,
    "commission_cap": CommissionCap,
    "small_merchant_traffic": SmallMerchantTraffic,
    "interoperability": Interoperability,
    "neutral_ranking": NeutralRanking,
    "employment_status": EmploymentStatus,
    "minimum_pay": MinimumPay,
    "work_rules": WorkRules,
    "injury_cover": InjuryCover,
    "innovation_support": InnovationSupport,
}
