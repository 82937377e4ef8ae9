"""Every instrument by name, article by article, written out by hand."""

from __future__ import annotations

from sim.policy.art01_rules.price_conduct import PriceConduct
from sim.policy.art02_responsibility.compliance_audit import ComplianceAudit
from sim.policy.art02_responsibility.disclosure import Disclosure
from sim.policy.art02_responsibility.size_tiers import SizeTiers
from sim.policy.art03_coordination.coordination import Coordination
from sim.policy.art03_coordination.inspection_recognition import InspectionRecognition
from sim.policy.art04_conduct.advertising_quality import AdvertisingQuality
from sim.policy.art04_conduct.antitrust_fine import AntitrustFine
from sim.policy.art04_conduct.exclusivity_ban import ExclusivityBan
from sim.policy.art04_conduct.licensed_supply import LicensedSupply
from sim.policy.art04_conduct.merchant_vetting import MerchantVetting
from sim.policy.art04_conduct.tax_reporting import TaxReporting
from sim.policy.art05_finance.platform_credit import PlatformCredit
from sim.policy.art06_data.algorithm_audit import AlgorithmAudit
from sim.policy.art06_data.data_limit import DataLimit
from sim.policy.art06_data.personal_pricing_ban import PersonalPricingBan
from sim.policy.art07_capacity.credit_lists import CreditLists
from sim.policy.art07_capacity.digital_monitoring import DigitalMonitoring
from sim.policy.art08_costs.commission_cap import CommissionCap
from sim.policy.art08_costs.small_merchant_traffic import SmallMerchantTraffic
from sim.policy.art09_openness.interoperability import Interoperability
from sim.policy.art09_openness.neutral_ranking import NeutralRanking
from sim.policy.art10_workers.employment_status import EmploymentStatus
from sim.policy.art10_workers.injury_cover import InjuryCover
from sim.policy.art10_workers.minimum_pay import MinimumPay
from sim.policy.art10_workers.work_rules import WorkRules
from sim.policy.art11_innovation.innovation_support import InnovationSupport
from sim.policy.instrument import AbstractInstrument

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
