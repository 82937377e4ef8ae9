"""Statistics, reports and papers that parameters are based on, each defined once; laws are in `acts.py`."""

from __future__ import annotations

from sim.parameters.acts import Reference

ANT_REVENUE = Reference("Ant's prospectus, reported", "http://xiaotubaobei.com/html/wangdaihbs/11568.html")
ANT_CONSUMER_CREDIT = Reference(
    "Wall Street Journal on Ant, reported",
    "https://pymnts.com/news/international/2021/ant-group-differentiate-between-borrowing-from-company-outside-lenders",
)
ANT_USERS = Reference("Jiemian on Ant's prospectus", "https://en.jiemian.com/article/4910091.html")
ANT_DELINQUENCY = Reference("Ant's prospectus, reported", "https://www.ww01.net/en/archives/89943")
CHINA_INCOMES = Reference(
    "National Bureau of Statistics, reported", "http://en.people.cn/n3/2022/0117/c90000-9945654.html"
)
CHINA_VAT_RATE = Reference(
    "State Taxation Administration, reported",
    "https://www.tellerreport.com/business/"
    "2022-03-31-over-60-million-small-scale-taxpayers-in-china-are-exempt-from-vat.SyM8rWm77c.html",
)
CHINA_VAT_THRESHOLD = Reference(
    "Ministry of Finance, reported",
    "https://www.tellerreport.com/business/2021-03-31-small-scale-taxpayers-with-monthly-sales-of-less-than-"
    "rmb-150-000-in-china-will-be-exempt-from-vat-from-april.H1gxRu-MHO.html",
)
CHINA_EXTRA_DEDUCTION = Reference(
    "State Council, reported",
    "https://www.oping.com/post/china-r-d-super-deduction-rate-75-expanded-for-all-enterprises",
)
GAO_SOLE_PROPRIETORS = Reference("GAO-07-1014, United States", "https://www.gao.gov/products/gao-07-1014")
MEITUAN_RESEARCH = Reference("Meituan's results 2021, reported", "http://pifabaobao.cn/cc/734")
DOORDASH_RESEARCH = Reference(
    "DoorDash's accounts 2021", "https://fiscal.ai/company/NasdaqGS-DASH/financials/income-statement"
)
HALL_VAN_REENEN = Reference(
    "Hall and Van Reenen 2000, Research Policy 29, abstract", "http://www.nber.org/papers/w7098"
)
HALL_MAIRESSE_MOHNEN = Reference(
    "Hall, Mairesse and Mohnen 2010, abstract", "https://ideas.repec.org/p/unm/unumer/2010006.html"
)
HALL_DEPRECIATION = Reference(
    "Hall 2007, abstract", "https://www.ifs.org.uk/publications/rd-productivity-and-market-value"
)
BLOOM_SCHANKERMAN_VAN_REENEN = Reference(
    "Bloom, Schankerman and Van Reenen 2013, abstract", "http://onlinelibrary.wiley.com/doi/10.3982/ECTA9466/abstract"
)
