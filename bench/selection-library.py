"""The field's standard library on the same files: prints seconds and the lowest chance as JSON. Maximin, its free best."""
import csv, json, sys, time

from sortition_algorithms import Settings, read_in_features, read_in_people
from sortition_algorithms.committee_generation import find_distribution_maximin
from sortition_algorithms.utils import set_random_provider

pool, quotas, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(quotas, encoding="utf-8-sig") as file:
    rows = list(csv.DictReader(file))
for row in rows:
    if "category" in row:
        row["value"] = row.pop("feature")
        row["feature"] = row.pop("category")
features, feature_column, _ = read_in_features(["feature", "value", "min", "max"], rows, size)
with open(pool, encoding="utf-8-sig") as file:
    people_rows = list(csv.DictReader(file))
for number, row in enumerate(people_rows, 1):
    row.setdefault("id", str(number))
settings = Settings(id_column="id", columns_to_keep=[])
people, _ = read_in_people(list(people_rows[0]), people_rows, features, settings, feature_column)
set_random_provider(0)
start = time.perf_counter()
panels, chances, _ = find_distribution_maximin(features, people, size, [])
seconds = time.perf_counter() - start
person = {}
for panel, chance in zip(panels, chances):
    for member in panel:
        person[member] = person.get(member, 0) + chance
print(json.dumps({"seconds": seconds, "lowest": min(person.get(row["id"], 0) for row in people_rows)}))
