"""How breaches are noticed, proven, decided and paid for: leads, inspections, cases, sanctions, lists."""
