"""Acts, decisions and drafts that figures of rules are based on: name, public address, day of the look-up.

One definition an act; sources cite it as `f"law: {PRICE_LAW.at('Art. 40', 'gains, and up to five times as much')}"`.
Addresses are of full texts where there is one, otherwise of a page that states the figure. The day is that on which
the text, or a collection that quotes it with its address, was last read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """Something published that states a figure."""

    name: str
    url: str
    looked_up: str = "2026-12-01"

    def at(self, place: str, says: str) -> str:
        """`name, place: what it says (address, looked up day)`."""
        return f"{self.name}, {place}: {says} ({self.url}, looked up {self.looked_up})"

    def says(self, what: str) -> str:
        """The same of something that has no articles or pages to name."""
        return f"{self.name}: {what} ({self.url}, looked up {self.looked_up})"


# Statutes of China in a public collection of their Chinese texts, at one commit of it. Brackets in names of files are
# written as %28 and %29, so that an address in brackets ends where it ends.
_STATUTES = "https://github.com/LawRefBook/Laws/blob/2f4c5c23716267af9dbebbbbd6cbbf732b101981"

PRICE_LAW = Reference("Price Law of China (1997)", f"{_STATUTES}/经济法/价格法%281997-12-29%29.md")
LABOUR_CONTRACT_LAW = Reference(
    "Labour Contract Law of China (2012)", f"{_STATUTES}/社会法/劳动合同法%282012-12-28%29.md"
)
ADVERTISING_LAW = Reference("Advertising Law of China (2021)", f"{_STATUTES}/经济法/广告法%282021-04-29%29.md")
ANTI_MONOPOLY_LAW = Reference("Anti-Monopoly Law of China (2022)", f"{_STATUTES}/经济法/反垄断法%282022-06-24%29.md")
ALGORITHM_PROVISIONS = Reference(
    "Algorithm Provisions of China (in force 2022)",
    f"{_STATUTES}/行政法规/互联网信息服务算法推荐管理规定%282021-11-16%29.md",
)
ADMINISTRATIVE_PENALTY_LAW = Reference(
    "Administrative Penalty Law of China (2021)", f"{_STATUTES}/行政法/行政处罚法%282021-01-22%29.md"
)
TAX_COLLECTION_LAW = Reference(
    "Tax Collection Law of China (2015)", f"{_STATUTES}/经济法/税收征收管理法%282015-04-24%29.md"
)
INCOME_TAX_LAW = Reference(
    "Enterprise Income Tax Law of China (2018)", f"{_STATUTES}/经济法/企业所得税法%282018-12-29%29.md"
)
PERSONAL_INFORMATION_LAW = Reference(
    "Personal Information Protection Law of China (2021)", f"{_STATUTES}/行政法/个人信息保护法%282021-08-20%29.md"
)
UNFAIR_COMPETITION_LAW = Reference(
    "Anti-Unfair Competition Law of China (2025)",
    "https://digitalpolicyalert.org/event/"
    "32177-anti-unfair-competition-law-revised-version-of-the-2019-amendment-was-adopted-by-national-peoples-congress",
)

ALIBABA_DECISION = Reference(
    "Alibaba decision (SAMR 2021 No. 28)", "https://mmlcgroup.com/china-alibaba-rectification/"
)
MEITUAN_DECISION = Reference(
    "Meituan decision (SAMR, 2021)",
    "https://www.chinatrademonitor.com/chinas-administrative-decision-on-meituans-anti-competitive-practices/",
)
LARGE_PLATFORM_DRAFT = Reference(
    "SAMR draft on classes of platforms (October 2021)",
    "https://technode.com/2021/11/01/china-proposes-a-rating-system-for-internet-platforms/",
)
SUPER_PLATFORM_DRAFT = Reference(
    "SAMR draft on classes of platforms (October 2021)", "https://www.heyduh.com/news/2021/1101/984026.html"
)
JOINT_LENDING_NOTICE = Reference("CBIRC notice 2021 No. 24", "https://reg-track.com/P/D/OQA4ADUAMAA4AA2")
MICROLENDING_DRAFT = Reference(
    "CBIRC and PBOC draft on online microlending (2 November 2020)",
    "https://chinajusticeobserver.com/law/x/"
    "interim-measures-for-the-administration-of-online-microfinance-business-20201102",
)
GIG_WORK_OPINIONS = Reference(
    "Guiding opinions of eight ministries (2021 No. 56)",
    "https://cbltranslations.com/en-us/china-law/employment/guidance-for-the-protection-of-gig-worker-rights-translated",
)
INJURY_NOTICE = Reference(
    "Human resources ministry, 2025 No. 24 (notice of Chongqing)",
    "https://rlsbj.cq.gov.cn/zczxwdk/ywfl/gsbx/202507/t20250715_14816829.html",
)
DELIVERY_STANDARD = Reference(
    "Recommended national standard for takeaway platforms (December 2025)",
    "http://www.szjzcy.com/a/202512/10/WS6938df03a310d6866eb2dde8.html",
)
MINIMUM_WAGES = Reference("Hourly minimum wages of China", "https://hrone.com/blog/regions-china-highest-minimum-wage/")

DIGITAL_SERVICES_ACT = Reference(
    "Digital Services Act of the EU",
    "https://eur-lex.europa.eu/EN/legal-content/summary/"
    "digital-services-act-auditing-very-large-online-platforms-and-search-engines.html",
)
DAC7 = Reference(
    "Directive (EU) 2021/514", "https://www.danovky.sk/en/dac7-new-obligations-for-digital-platform-operators?page=2"
)
