from common2 import *

ds = {d.source_id: d for d in documents()}
L = [
    (o[1], ds[o[0]].text[b:e], b)
    for o in pickle.load(open("new.pkl", "rb"))
    for b, e, r in o[3]
    if r == "stamp"
]
print(len(L))
print(collections.Counter(x[0] for x in L).most_common(12))
random.seed(2)
seen = collections.Counter()
random.shuffle(L)
for o, t, b in L:
    seen[o] += 1
    if seen[o] <= 3:
        print("  ", o, b, t)
