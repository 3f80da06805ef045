#!/usr/bin/env python
"""An independent implementation of the method (demand, crosswalk, supply, fit, areas, women and men; every named weighting) in pandas.

It reads the publishers' files itself and shares nothing with the program, so that an error in one shows as a difference from the other.
method.py --county 23 --year 2026 --out DIR   [--alt NAME ...]  (--alt switches to another reading of a sentence of the method, to see what it decides)
--method FILE takes the weightings, --areas FILE the lists from another method; --kept FILE (compare_years.py) counts only the indicators that it lists."""
import argparse, csv, gzip, json, math, os, sys, time
import numpy as np, pandas as pd

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
REC = os.path.join(os.environ.get('MALMARKNAD_RECORDED', os.path.join(HOME, '../shared/recorded')), '')
SE, IN = REC + 'se/', REC + 'intl/'
REFDIR = os.path.join(os.environ.get('MALMARKNAD_REFERENCE', os.path.join(HOME, '../shared/reference')), '')
AREAS = os.path.join(HOME, 'data/areas.toml')
NAN = float('nan')
T0 = time.time()

ap = argparse.ArgumentParser()
ap.add_argument('--county', default='23'); ap.add_argument('--year', type=int, default=2026)
ap.add_argument('--out', required=True); ap.add_argument('--alt', action='append', default=[])
ap.add_argument('--method'); ap.add_argument('--areas'); ap.add_argument('--kept')
A = ap.parse_args()
R, Y, ALT = A.county, A.year, set(A.alt)
os.makedirs(A.out, exist_ok=True)
AREAS = A.areas or AREAS
KEPT = json.load(open(A.kept)) if A.kept else None
KEPT = {k: {tuple(x) for x in v} for k, v in KEPT.items()} if KEPT else None
def has_points(o, i): return KEPT is None or (o, i) in KEPT['points']
def has_indicator(mt, c, i): return KEPT is None or (mt, c, i) in KEPT['indicators']
def log(*a): print(f'[{time.time()-T0:6.1f}s]', *a, file=sys.stderr, flush=True)

def cell(v):
    if v is None: return ''
    if isinstance(v, (bool, np.bool_)): return 'true' if v else 'false'
    if isinstance(v, (int, np.integer)): return str(int(v))
    if isinstance(v, (float, np.floating)):
        return '' if math.isnan(v) else repr(float(v))
    return str(v)
def write(name, cols, rows):
    with open(f'{A.out}/{name}.csv', 'w', encoding='utf-8', newline='') as f:
        w = csv.writer(f, lineterminator='\n'); w.writerow(cols)
        for r in rows: w.writerow([cell(r.get(c)) if isinstance(r, dict) else cell(v) for c, v in ((c, r.get(c)) for c in cols)])
    log(name, len(rows), 'rows')
def ok(x): return x is not None and not (isinstance(x, float) and math.isnan(x))

# ============================================================ section 2: demand
reg = pd.read_parquet(SE + 'scb/yreg60_county_ssyk1to4_sex_2014_2024.parquet')
reg = reg[reg.level == 'SSYK4']
reg = reg[reg.year <= Y]
YR = int(reg.year.max())                                   # 2024
OCC = sorted(c for c in reg.ssyk_code.unique() if not c.startswith('0'))   # armed forces out; 0000/0001/0002 are major group "0" too
regall = reg; reg = reg[reg.ssyk_code.isin(OCC)]
COUNTIES = sorted(reg.county_code.unique()); assert len(COUNTIES) == 21
emp = {}                                                   # (county, ssyk, sex) newest year
for r in reg[reg.year == YR].itertuples(): emp[r.county_code, r.ssyk_code, r.sex] = int(r.value)
def E(c, o): return emp[c, o, 'women'] + emp[c, o, 'men']
def E_se(o, s=None):
    return sum((emp[c, o, s] if s else E(c, o)) for c in COUNTIES)

# --- Arbetsförmedlingen
AFD = SE + 'arbetsformedlingen/yrkesbarometer/'
xw = pd.read_csv(AFD + 'derived_yb_concept_ssyk_crosswalk.csv', dtype=str, keep_default_na=False)
codes = {r.yb_concept_id: r.ssyk2012_codes_space_sep.split() for r in xw.itertuples()}
inferred = {r.yb_concept_id for r in xw.itertuples() if r.source.startswith('inferred')}
only = {}
for k, c in codes.items():
    if len(c) == 1: only.setdefault(c[0], set()).add(k)
for k in list(codes):
    if k in inferred and len(codes[k]) > 1:
        if 'af_second_positional' in ALT:
            codes[k] = [c for i, c in enumerate(codes[k]) if not (i >= 1 and only.get(c, set()) - {k})]
        else:
            codes[k] = [c for c in codes[k] if not (only.get(c, set()) - {k})]
lan = json.load(open(SE + 'jobtech/derived_lan_code_to_concept_id.json'))
new = {}
for r in json.load(open(AFD + 'yrkesbarometer_2025-2_first1000rows.json')):
    new.setdefault(r['yb_concept_id'], {})[r['lan']] = (r['rekryteringssituation'], r['jobbmojligheter'], r['prognos'])
new = {k: d for k, d in new.items() if len(d) == 22}
old = json.load(open(AFD + 'barometer_regional_2025-05.json'))
SIT = {'brist': 3.0, 'paradox': 2.0, 'balans': 1.0, 'överskott': 0.0}
OPP = {'stora': 2.5, 'medelstora': 1.0, 'små': 0.0}
PRO = {'öka': 3.0, 'vara oförändrad': 1.5, 'minska': 0.0}
SIT_M = {'överskott': 3.0, 'balans': 2.0, 'paradox': 1.0, 'brist': 0.0}      # county markets
OPP_M = {'små': 3.0, 'medelstora': 2.0, 'stora': 0.5}
def af_raw(k, county):
    """(situation, opportunities, outlook) of the newest round of AF occupation k in the county"""
    if Y < 2025: return (None, None, None)                 # both recorded rounds are of 2025
    if k in new: return new[k][county]
    v = old.get(k, {}).get(lan[county])
    return (None, v[0], v[1]) if v else (None, None, None)
AFOCC = sorted(set(old) | set(new))
def af(county):
    """ssyk -> mean recruitment points, mean outlook points, mean market availability"""
    acc = {}
    for k in AFOCC:
        s, j, p = af_raw(k, county)
        rp = SIT[s] if s else (OPP[j] if j else None)
        mp = SIT_M[s] if s else (OPP_M[j] if j else None)
        pp = PRO[p] if p else None
        for o in codes.get(k, []):
            a = acc.setdefault(o, ([], [], []))
            for l, v in zip(a, (rp, pp, mp)):
                if v is not None: l.append(v)
    return {o: tuple(sum(l) / len(l) if l else NAN for l in a) for o, a in acc.items()}

# --- ads
concepts = json.load(open(SE + 'jobtech/taxonomy/ssyk-level-4-groups.json'))['data']['concepts']
ads_raw = json.load(open(SE + 'jobtech/ssyk_region_kommun_annonser_2024.json'))
jt_ads = {c['ssyk_code_2012']: ads_raw.get(c['id'], {}).get(lan[R], 0) for c in concepts}
jt_of = {}
for o in OCC:
    if o in jt_ads: jt_of[o] = o
    elif o[0] == '1' and o[:3] + '0' in jt_ads: jt_of[o] = o[:3] + '0'
    else: jt_of[o] = None
members = {}
for o, g in jt_of.items():
    if g: members.setdefault(g, []).append(o)
base = {g: sum(E(R, o) for o in m) for g, m in members.items()}
rate = {g: (jt_ads[g] / base[g] * 100 if base[g] > 0 else NAN) for g in members}
if 'ads_by_jobtech_group' in ALT: pool_rates = sorted(rate[g] for g in members if base[g] >= 20)
else: pool_rates = sorted(rate[jt_of[o]] for o in OCC if jt_of[o] and base[jt_of[o]] >= 20)
from bisect import bisect_left
def vac_points(o):
    g = jt_of[o]
    if not g or base[g] < 20: return NAN
    return float(4 * bisect_left(pool_rates, rate[g]) // len(pool_rates))

# --- share 55+
js = json.load(open(SE + 'scb/scb_v1_YREG54BAS.json'))
ids, size = js['id'], js['size']
ix = {d: js['dimension'][d]['category']['index'] for d in ids}
vals = np.array(js['value'], dtype=float).reshape(size)
tid = max((t for t in ix['Tid'] if int(t) <= Y), key=int)
sh55 = {}
for o in OCC:
    v = vals[ix['Yrke2012'][o], :, 0, ix['Tid'][tid]]
    tot = v.sum(); old_ = sum(v[ix['Alder'][a]] for a in ('55-59', '60-64', '065-69'))
    sh55[o] = float(old_ / tot) if tot >= 10 else NAN
num = sum(E(R, o) * sh55[o] for o in OCC if ok(sh55[o])); den = sum(E(R, o) for o in OCC if ok(sh55[o]))
mean55 = num / den

# --- growth
LINKS = [(2020, 2021), (2021, 2022), (2023, 2024)]
nat = reg.groupby(['ssyk_code', 'year']).value.sum().to_dict()
cty = reg[reg.county_code == R].groupby(['ssyk_code', 'year']).value.sum().to_dict()
tot_nat = (regall if 'totals_with_armed' in ALT else reg).groupby('year').value.sum().to_dict()
def lgrowth(n, floor=20):
    g, bad = [], False
    for a, b in LINKS:
        if n(a) < floor or n(b) <= 0: bad = True; continue
        g.append(math.log(n(b) / n(a)))
    if 'growth_drop_link' in ALT: return sum(g) / len(g) if g else NAN
    return NAN if bad else sum(g) / len(g)
g_all = lgrowth(lambda y: tot_nat[y])
growth_x = {o: (lgrowth(lambda y: nat[o, y]) - g_all) * 100 for o in OCC}
cgrowth = {o: lgrowth(lambda y: cty[o, y]) * 100 for o in OCC}

def step(x, cuts):
    if not ok(x): return NAN
    for i, c in enumerate(cuts):
        if x < c: return float(i)
    return float(len(cuts))
W = {'recruitment': 3, 'outlook': 1, 'vacancies': 2, 'replacement': 1, 'growth': 1}
WORDS = {'recruitment': 'Arbetsförmedlingens bedömning', 'outlook': 'prognos fem år', 'vacancies': 'annonser', 'replacement': 'andel 55+', 'growth': 'tillväxt'}
lab = pd.read_csv(SE + 'jobtech/taxonomy/derived_ssyk2012_sv_labels.csv', dtype=str, keep_default_na=False)
lab = dict(zip(lab.ssyk2012, lab.label_sv))
af_r = af(R)
demand = {}
for o in OCC:
    a = af_r.get(o, (NAN, NAN, NAN)); g = jt_of[o]
    pts = dict(recruitment=a[0], outlook=a[1], vacancies=vac_points(o), replacement=step(sh55[o], (.20, .25, .30)), growth=step(growth_x[o], (-2, 0, 2)))
    pts = {i: v if has_points(o, i) else NAN for i, v in pts.items()}
    have = [i for i in W if ok(pts[i])]; w = sum(W[i] for i in have)
    m = sum(W[i] * pts[i] for i in have) / w if w else NAN
    cov = w / sum(W.values())
    silent = not ok(pts['recruitment']) and not ok(pts['outlook'])
    if cov < 0.60: rating = 'bevakas' if silent and cov >= 0.50 and m >= 2.0 else 'kan inte bedömas'
    else: rating = 'brist' if m >= 2.0 else 'bevakas' if m >= 1.5 else 'ingen brist'
    s = sh55[o] if ok(sh55[o]) else mean55
    top = sorted(have, key=lambda i: (-W[i] * (pts[i] - 1.5), list(W).index(i)))[:2]
    demand[o] = dict(county=R, ssyk4=o, occupation=lab.get(o) or '(merged) ' + lab.get(o[:3] + '0', o), employed_women=emp[R, o, 'women'], employed_men=emp[R, o, 'men'],
        employed_total=E(R, o), period=str(YR), ads=jt_ads[g] if g else None, ads_per_100=rate[g] if g else NAN, share_55_plus=sh55[o], growth_excess=growth_x[o],
        county_growth=cgrowth[o], **pts, coverage=cov, points=m, rating=rating, need=100 * m / 3, volume=E(R, o) * s / 12,
        drivers=', '.join(WORDS[i] for i in top), evidence='utan Arbetsförmedlingens bedömning' if silent and rating == 'bevakas' and cov < .6 else '')
write('demand', 'county ssyk4 occupation employed_women employed_men employed_total period ads ads_per_100 share_55_plus growth_excess county_growth recruitment outlook vacancies replacement growth coverage points rating need volume drivers evidence'.split(), [demand[o] for o in OCC])
RATED = [o for o in OCC if demand[o]['rating'] in ('brist', 'bevakas')]

# ============================================================ areas
import tomllib
areas = tomllib.load(open(AREAS, 'rb'))
AO = {}
for a, d in areas.items():
    s = {}
    for p in d['shared']: s.update({o: 0.5 for o in OCC if o.startswith(p)})
    for p in d['core']: s.update({o: 1.0 for o in OCC if o.startswith(p)})
    for p in d['core'] + d['shared']:
        if not any(o.startswith(p) for o in OCC): log('area code matches nothing:', a, p)
    AO[a] = dict(sorted(s.items()))
write('area_occupations', ['area', 'ssyk4', 'weight'], [dict(area=a, ssyk4=o, weight=w) for a, s in AO.items() for o, w in s.items()])

# ============================================================ section 3: crosswalk
KEY = SE + 'classification/scb_ssyk2012_isco08_key.xlsx'
gr = pd.read_excel(KEY, sheet_name='Grunden', dtype=str, usecols=[0, 1]); gr.columns = ['s', 'i']
gr = gr.dropna(); gr = gr[gr.s.str.fullmatch(r'\d{4}') & gr.i.str.fullmatch(r'\d{4}')]
titles = gr.groupby(['s', 'i']).size().to_dict()
ny = pd.read_excel(KEY, sheet_name='Nyckel', dtype=str, header=None)
pairs = {}
for s, i in zip(ny[0], ny[2]):
    s = str(s).strip()
    if s.isdigit() and len(s) == 4 and isinstance(i, str): pairs[s] = [x.strip().zfill(4) for x in i.split(',') if x.strip()]
k4, xrows = {}, []
for o in OCC:
    t = {i: n for (s, i), n in titles.items() if s == o}
    if t: b, tot = 'titles', sum(t.values()); k4[o] = {i: n / tot for i, n in sorted(t.items())}
    elif pairs.get(o): b = 'pairs'; p = sorted(set(pairs[o])); k4[o] = {i: 1 / len(p) for i in p}
    else: k4[o] = {}; log('no ISCO pair', o); continue
    xrows += [dict(ssyk4=o, isco08=i, weight=w, basis=b) for i, w in k4[o].items()]
write('crosswalk', ['ssyk4', 'isco08', 'weight', 'basis'], xrows)

# ============================================================ section 4: supply
cc = pd.read_csv(IN + 'classification/country-codes.csv', dtype=str, keep_default_na=False)
a3to2 = {a: b for a, b in zip(cc['ISO3166-1-Alpha-3'], cc['ISO3166-1-Alpha-2']) if a and b}
a3to2['XKX'] = a3to2['KOS'] = 'XK'
name = json.load(open(IN + 'classification/cldr48_sv_territories.json'))['main']['sv']['localeDisplayNames']['territories']
pop = pd.read_csv(IN + 'worldbank/datasets_population_SP.POP.TOTL.csv', keep_default_na=False)
pop['Value'] = pd.to_numeric(pop.Value, errors='coerce'); pop = pop[(pop.Year.astype(int) <= Y) & pop.Value.notna()]
pop = pop.sort_values('Year').groupby('Country Code').tail(1)
population, popyear = {}, {}
for r in pop.itertuples(index=False):
    if r[1] in a3to2: population[a3to2[r[1]]] = float(r[3]); popyear[a3to2[r[1]]] = int(r[2])
NOTREC = 'AF BY CF HT IQ IR KP LY ML NE PS RU SD SO SS SY UA YE'.split()
big = sorted(c for c, p in population.items() if p >= 300000 and c != 'SE')
CAND = [c for c in big if c not in NOTREC]
log('population>=300k', len(big), 'candidates', len(CAND), 'listed missing from population:', [c for c in NOTREC if c not in big])

# employed; an employment total from before 2009 (Equatorial Guinea, Turkmenistan) says nothing of today's pool
il = pd.read_csv(IN + 'ilostat/EMP_TEMP_SEX_AGE_NB_A-20260325T1614.csv.gz', usecols=['ref_area.label', 'sex.label', 'classif1.label', 'time', 'obs_value'])
il = il[(il['classif1.label'] == 'Age (Youth, adults): 15+') & (il['sex.label'] == 'Total') & il.obs_value.notna()]
il = il[(il.time.astype(int) <= Y) & (il.time.astype(int) >= 2009)].sort_values('time').groupby('ref_area.label').tail(1)
nm = {}
for col in ('UNTERM English Short', 'CLDR display name', 'official_name_en'):
    for n, a in zip(cc[col], cc['ISO3166-1-Alpha-3']):
        if n and a: nm[n.lower()] = a
MAN = {'Kosovo': 'XKX', 'Hong Kong, China': 'HKG', 'Macao, China': 'MAC', 'Taiwan, China': 'TWN', 'Palestine (State of)': 'PSE', 'Congo, Democratic Republic of the': 'COD',
       "Côte d'Ivoire": 'CIV', 'Tanzania, United Republic of': 'TZA', 'Netherlands': 'NLD', 'Türkiye': 'TUR', 'Czechia': 'CZE', 'Eswatini': 'SWZ', 'North Macedonia': 'MKD',
       'Cabo Verde': 'CPV', 'United Kingdom of Great Britain and Northern Ireland': 'GBR', 'United States of America': 'USA', 'Republic of Korea': 'KOR', 'Republic of Moldova': 'MDA',
       'Congo': 'COG', 'Gambia': 'GMB', 'Bahamas': 'BHS', 'Curaçao': 'CUW', 'Réunion': 'REU', 'Saint Helena': 'SHN', 'Falkland Islands, Malvinas': 'FLK'}
employed, empyear, unm = {}, {}, []
for r in il.itertuples(index=False):
    a = MAN.get(r[0]) or nm.get(r[0].lower())
    if a in a3to2: employed[a3to2[a]] = r.obs_value * 1000; empyear[a3to2[a]] = int(r.time)
    else: unm.append(r[0])
log('ILOSTAT labels unmapped:', unm, '| candidates without employed:', [c for c in CAND if c not in employed])

# shares
oc = pd.read_csv(IN + 'ilostat/derived_jagged_occupation_contributions.csv', dtype={'isco2_code': str, 'isco08_2d': str}, keep_default_na=False)
sx = pd.read_csv(IN + 'ilostat/derived_jagged_nation_exposure_by_sex.csv', keep_default_na=False); sx = sx[sx.sex == 'Total']
shyear = {a3to2[c]: int(y) for c, y in zip(sx.country_code, sx.year) if c in a3to2}
share = {}
for r in oc.itertuples():
    c = a3to2[r.country_code]
    if c in shyear and shyear[c] <= Y and Y - shyear[c] <= 10: share.setdefault(c, {})[r.isco08_2d] = float(r.employment_share)

# egised: F/(F+M) by major group, newest year
lines = [l for l in open(IN + 'eurostat/estat_lfsa_egised.tsv', encoding='utf-8', newline='').read().replace('\r\n', '\n').split('\n') if l]
yrs = [int(x) for x in (h.strip() for h in lines[0].split('\t')[1:])]
def tsv(cell_):
    t = cell_.strip().split(' ')[0]
    return None if t in (':', '') else float(t)
eg = {}
for l in lines[1:]:
    f = l.split('\t'); _, age, sex, occ, ed, unit, geo = f[0].split(',')
    if age != 'Y_GE15' or ed != 'TOTAL' or sex not in 'FM' or not occ.startswith('OC') or geo.startswith('EU27') or geo.startswith('EA'): continue
    c = {'EL': 'GR', 'UK': 'GB'}.get(geo, geo)
    for y, v in zip(yrs, f[1:]):
        v = tsv(v)
        if v is not None and y <= Y: eg[c, occ[2:], sex, y] = v
fmaj, fmajyear = {}, {}
for c in {k[0] for k in eg}:
    for g in '123456789':
        ys = [y for y in yrs if (c, g, 'F', y) in eg and (c, g, 'M', y) in eg]
        if ys:
            y = max(ys); F, M = eg[c, g, 'F', y], eg[c, g, 'M', y]
            if F + M > 0: fmaj[c, g] = F / (F + M); fmajyear[c, g] = y
EUROST = {c for c, g in fmaj}

# level
n2s = 0                                                    # no table of 2 digits by sex among the recorded files (one fixture, IDN)
have2 = [c for c in CAND if c in share and c in employed]
have1 = [c for c in CAND if c in EUROST and c in employed]
log(f'level: 2 digits by sex {n2s}/{len(CAND)}, 2 digits both {len(have2)}/{len(CAND)} = {len(have2)/len(CAND):.3f}, 1 digit by sex {len(have1)}/{len(CAND)}; '
    f'of candidates with any: {len(have2)/len(set(have2)|set(have1)):.3f}')
LEVEL = 'isco2_both' if len(have2) >= 0.8 * len(CAND) else 'isco2_both(fallback)'

k2 = {}
for o in OCC:
    d = {}
    for i, w in k4[o].items(): d[i[:2]] = d.get(i[:2], 0.0) + w
    k2[o] = d
def major(o):
    d = {}
    for i, w in k4[o].items(): d[i[0]] = d.get(i[0], 0.0) + w
    return min(d, key=lambda g: (-d[g], g)) if d else None
def pool_share(c, o):
    s = share.get(c, ESTIMATED.get(c))
    if not s: return NAN
    cov = sum(w for g, w in k2[o].items() if g in s)
    if cov < 0.65 - 1e-12: return NAN
    return sum(w * s[g] for g, w in k2[o].items() if g in s)
def logit(p): return -math.inf if p <= 0 else math.inf if p >= 1 else math.log(p / (1 - p))
def expit(x): return 0.0 if x == -math.inf else 1.0 if x == math.inf else 1 / (1 + math.exp(-x))
def f_market(c, o):
    n = E_se(o); g = major(o)
    if n < 10 or g is None: return NAN
    fs = E_se(o, 'women') / n
    if 'sex_mix_majors' in ALT:
        num = den = 0.0
        for i, w in k4[o].items():
            if (c, i[0]) in fmaj and ('SE', i[0]) in fmaj:
                num += w * expit(logit(fs) + logit(fmaj[c, i[0]]) - logit(fmaj['SE', i[0]])); den += w
        return num / den if den > 0 else NAN
    if (c, g) not in fmaj or ('SE', g) not in fmaj: return NAN
    return expit(logit(fs) + logit(fmaj[c, g]) - logit(fmaj['SE', g]))
w = pd.read_csv(IN + 'worldbank/API_NY.GDP.PCAP.PP.CD_DS2_en_csv_v2_1887125.csv', skiprows=4, encoding='utf-8-sig', keep_default_na=False, dtype=str)
gdp = {}
ycols = sorted(c for c in w.columns if c.isdigit() and int(c) <= Y)
for _, r in w.iterrows():
    c = a3to2.get(r['Country Code'])
    v = [(float(r[y]), y) for y in ycols if r[y] != '']
    if c and v: gdp[c] = v[-1]
# pools where no shares are published (section 10): per ISCO group a line of ln(share + 0.001) on ln GDP per person, scaled to sum 1
line = {}
for g in sorted({g for c in CAND + ['SE'] for g in share.get(c, ())}):
    pts = [(math.log(gdp[c][0]), math.log(share[c][g] + 0.001)) for c in CAND + ['SE'] if g in share.get(c, ()) and c in gdp]
    if len(pts) >= 20: line[g] = np.polyfit([x for x, _ in pts], [y for _, y in pts], 1)
ESTIMATED = {}
for c in CAND:
    if c not in share and c in gdp:
        e = {g: max(math.exp(np.polyval(b, math.log(gdp[c][0]))) - 0.001, 0.0) for g, b in line.items()}
        ESTIMATED[c] = {g: v / sum(e.values()) for g, v in e.items()}
supply, srows = {}, []
for c in CAND:
    for o in RATED:
        ps = pool_share(c, o)
        if not ok(ps) or c not in employed: continue
        p = ps * employed[c]; f = f_market(c, o)
        supply[c, o] = (p, f, ps)
        srows.append(dict(market_type='country', market=c, ssyk4=o, pool_women=p * f, pool_men=p * (1 - f) if ok(f) else NAN, pool_total=p,
                          level='isco_estimated' if c in ESTIMATED else 'isco2_borrowed_sex' if ok(f) else 'isco2_both',
                          period=str(min(int(gdp[c][1]), empyear[c])) if c in ESTIMATED else str(shyear[c])))
OTHER = [c for c in COUNTIES if c != R]
for c in OTHER:
    for o in RATED:
        srows.append(dict(market_type='county', market=c, ssyk4=o, pool_women=emp[c, o, 'women'], pool_men=emp[c, o, 'men'], pool_total=E(c, o), level='ssyk4_sex', period=str(YR)))
write('supply', 'market_type market ssyk4 pool_women pool_men pool_total level period'.split(), srows)

# --- indicators for countries
def newest_gap(fn, col, maxage=None, exact=None):
    d = pd.read_csv(IN + 'gapminder/' + fn, keep_default_na=False); d[col] = pd.to_numeric(d[col], errors='coerce'); d['time'] = d.time.astype(int)
    d = d[d[col].notna() & (d.time <= Y)]
    if exact: d = d[d.time == exact]
    if maxage is not None: d = d[Y - d.time <= maxage]
    d = d.sort_values('time').groupby('geo').tail(1)
    MAP = {'kos': 'XKX', 'hos': 'VAT', 'nld_curacao': 'CUW'}
    return {a3to2.get(MAP.get(g, g.upper())): (v, str(t)) for g, v, t in zip(d.geo, d[col], d.time) if a3to2.get(MAP.get(g, g.upper()))}
unemp = newest_gap('aged_15plus_unemployment_rate_percent.csv', 'aged_15plus_unemployment_rate_percent', maxage=10)
medage = newest_gap('median_age_years.csv', 'median_age_years', exact=Y - 1)
un = pd.read_csv(IN + 'openness/un_migrant_stock_by_dest_origin_gender_year.csv', keep_default_na=False, dtype=str)
un = un[un.destination == 'swe']; un['n'] = un.migrant_stock.astype(float)
increase = {}
for o_, g in un[un.year.isin(['2015', '2019'])].groupby('origin'):
    c = a3to2.get({'hos': 'VAT'}.get(o_, o_.upper()))
    if c and len(g) == 4: increase[c] = float(g[g.year == '2019'].n.sum() - g[g.year == '2015'].n.sum())
un = un[un.year == '2019']
dias = {}
for o_, g in un.groupby('origin'):
    c = a3to2.get({'hos': 'VAT'}.get(o_, o_.upper()))
    if c and set(g.gender) == {'male', 'female'}: dias[c] = float(g.n.sum())
born = {}
if R == '23' and Y >= 2025:
    b = pd.read_csv(SE + 'scb/transcribed_FolkmRegFlandKCKM_2025_county23.csv', keep_default_na=False, dtype=str)
    born = {c: float(n) for c, n in zip(b.country_code, b['count']) if len(c) == 2 and c not in ('YU', 'CS', 'SU', 'SE', 'AF0')}
ds = pd.read_csv(IN + 'openness/dist_cepii_swe.csv', keep_default_na=False, dtype=str); ds = ds[ds.iso_d == 'SWE']
OLDC = {'ROM': 'ROU', 'ZAR': 'COD', 'TMP': 'TLS', 'PAL': 'PSE', 'YUG': 'SRB'}
if 'no_yug' in ALT: OLDC.pop('YUG')
dist = {a3to2[OLDC.get(a, a)]: float(v) for a, v in zip(ds.iso_o, ds.distcap) if OLDC.get(a, a) in a3to2 and v not in ('', '.')}
pp = pd.read_csv(IN + 'openness/passport-index-tidy-iso2.csv', keep_default_na=False, dtype=str); pp = pp[pp.Destination == 'SE']
visafree = {p for p, q in zip(pp.Passport, pp.Requirement) if q == 'visa free' or q.isdigit()}
el = pd.read_excel(IN + 'eures/EURES_shortage_2022.xlsx', dtype=str, keep_default_na=False)
ela = {}
for c, i in zip(el.Country, el.ISCO08):
    c = {'EL': 'GR', 'UK': 'GB'}.get(c.strip(), c.strip()); i = str(i).strip()
    ela.setdefault(c, set())
    if i and i.lower() != 'nan': ela[c].add(i.zfill(4))
log('ELA countries', {c: len(s) for c, s in sorted(ela.items())})

EUL = [{'EL': 'GR'}.get(l.split(',')[0], l.split(',')[0]) for l in open(IN + 'classification/ropengov_eu_countries.csv').read().split('\n')[1:] if l]
NORDIC = {'DK', 'FI', 'IS', 'NO'}; FREE = set(EUL) | {'IS', 'LI', 'NO', 'CH'} - {'SE'}
who = pd.read_csv(REFDIR + 'ethics/who_support_safeguards_list_2023.csv', keep_default_na=False)
WHO = {a3to2[a] for a in who.iso3}
AGREE = set()
def health(o): return o[:3] in ('221', '222', '223', '224', '226', '227', '228', '321', '325', '532') or o == '5330' or (o[:3] == '534' and o != '5343') or o == '5350'

# pay
NUTS2 = {'01': 'Stockholm', **dict.fromkeys(['03', '04', '05', '18', '19'], 'Östra Mellansverige'), **dict.fromkeys(['06', '07', '08', '09'], 'Småland med öarna'),
         **dict.fromkeys(['10', '12'], 'Sydsverige'), **dict.fromkeys(['13', '14'], 'Västsverige'), **dict.fromkeys(['17', '20', '21'], 'Norra Mellansverige'),
         **dict.fromkeys(['22', '23'], 'Mellersta Norrland'), **dict.fromkeys(['24', '25'], 'Övre Norrland')}
def sel(d): return d[(d.Sektor == 'samtliga sektorer') & (d['Kön'] == 'Totalt') & (d['År'] <= Y)]
lr = sel(pd.read_parquet(SE + 'scb/wages/lonregion.parquet')); lr = lr[lr.Region == NUTS2[R]]
ls = sel(pd.read_parquet(SE + 'scb/wages/lonespridning.parquet'))
def newest_pay(d, col):
    if 'pay_newest_per_cell' in ALT: d = d[d[col].notna()].sort_values('År').groupby('SSYK').tail(1)
    else: d = d[d['År'] == d['År'].max()]
    return {s: float(v) for s, v in zip(d.SSYK, d[col]) if v == v}
pay2, paymed, payp75 = newest_pay(lr, 'Medellön'), newest_pay(ls, 'Median'), newest_pay(ls, 'P75')
FLOOR = 0.9 * 38300
FLOOR = 34470.0
def usual(o): return pay2.get(o, paymed.get(o, NAN))
def third(o):
    u, q = usual(o), payp75.get(o, NAN)
    if ok(u) and u >= FLOOR: return 1.0
    if ok(q): return 0.5 if q >= FLOOR else 0.0
    return 0.0 if ok(u) else 0.5
P75ONLY = set()
def gate(c, o):
    short = sum(w for i, w in k4[o].items() if i in ela.get(c, ()))
    free = c in FREE
    isD = health(o) and c in WHO and c not in AGREE
    if isD and 'E_before_D' not in ALT: return 'D', 'on the WHO Health Workforce Support and Safeguards List 2023, no named agreement'
    if 'gateE_p75' in ALT: e = not free and third(o) == 0.0
    else: e = not free and ok(usual(o)) and usual(o) < FLOOR
    if not free and not ok(usual(o)) and third(o) == 0.0 and 'p75only_not_E' not in ALT: e = True; P75ONLY.add(o)
    if e: return 'E', f'usual pay {usual(o):.0f} below the floor {FLOOR:.0f}'
    if isD: return 'D', 'WHO list'
    if short > 0.5 + 1e-12 and not (free and 'C_only_third' in ALT): return 'C', f'{short:.2f} of the occupation reported short at home (ELA 2022)'
    return ('A', '') if free else ('B', '')
def no_short(c, o):
    s = sum(w for i, w in k4[o].items() if i in ela.get(c, ()))
    if c not in ela: return 0.5, 'unknown'
    if len(ela[c]) < 25:
        if 'ela_per_group' in ALT: return 0.5 * (1 - s), 'unknown' if s < 1 else ''
        if s == 0: return 0.5, 'unknown'
    return 1 - s, ''

GOAL = dict(pool=(math.log(1000), math.log(1e6)), specialisation=(-math.log(4), math.log(4)), unemployment=(2, 15), no_shortage_at_home=(-0.5, 1.5), median_age=(25, 48),
            diaspora_sweden=(0, 7), diaspora_county=(0, 7), income_gap=(-math.log(1.5), math.log(3)), entry=(0, 3), distance=(math.log(400), math.log(10000)),
            recent=(math.log(10), math.log(10000)))
NEG = {'median_age', 'distance'}
BALANCED = {'pool': (0.30, {'pool': 1, 'specialisation': 1}), 'availability': (0.25, {'unemployment': 1, 'no_shortage_at_home': 1, 'median_age': 0.5}),
           'mobility': (0.25, {'diaspora_sweden': 0.5, 'diaspora_county': 0.5, 'income_gap': 1}), 'feasibility': (0.20, {'entry': 2, 'distance': 1})}
LIKELY = {'pool': (0.35, {'pool': 2.5, 'specialisation': 1}), 'availability': (0.10, {'unemployment': 1}), 'mobility': (0.30, {'recent': 1}),
          'feasibility': (0.25, {'entry': 1, 'distance': 1.5})}
POTENTIAL = {'pool': (0.50, {'pool': 4, 'specialisation': 1}), 'availability': (0.10, {'unemployment': 1}), 'feasibility': (0.40, {'entry': 1, 'distance': 3})}
if A.method:
    given = {n: {p: (d['weight'], {i: x for i, x in d['indicators'].items() if x > 0}) for p, d in w_.items() if isinstance(d, dict) and d['weight'] > 0}
             for n, w_ in tomllib.load(open(A.method, 'rb'))['weightings'].items()}
    BALANCED, LIKELY, POTENTIAL = given['balanced'], given['likely'], given['potential']
def norm(i, x):
    lo, hi = GOAL[i]; v = 1 + 99 * min(1.0, max(0.0, (x - lo) / (hi - lo)))
    return 101 - v if i in NEG else v
cm = {}                                                     # whole-market indicators: raw, period, source
for c in CAND:
    d = {}
    if c in unemp: d['unemployment'] = (unemp[c][0], unemp[c][1], 'ILOSTAT via Gapminder')
    if c in medage: d['median_age'] = (medage[c][0], medage[c][1], 'UN WPP via Gapminder')
    if c in dias: d['diaspora_sweden'] = (math.log(1 + dias[c] / population[c] * 1e5), '2019', 'UN DESA')
    if c in born: d['diaspora_county'] = (math.log(1 + born[c]), '2025', 'SCB FolkmRegFlandKCKM')
    if c in increase: d['recent'] = (math.log(1 + max(increase[c], 0)), '2019', 'UN DESA')
    if c in gdp: d['income_gap'] = (math.log(gdp['SE'][0] / gdp[c][0]), gdp[c][1], 'World Bank WDI')
    if c in dist: d['distance'] = (math.log(dist[c]), '2011', 'CEPII GeoDist')
    cm[c] = d
for i in ('unemployment', 'median_age', 'diaspora_sweden', 'diaspora_county', 'income_gap', 'distance'):
    log(i, 'missing for', [c for c in CAND if i not in cm[c]])
irows = []
def irow(mt, c, o, i, raw, treated, nrm, per, flag, src):
    irows.append(dict(market_type=mt, market=c, ssyk4=o, indicator=i, raw=raw, treated=treated, normalised=nrm, period=per, flag=flag, source=src))
for c in CAND:
    for i, (x, per, src) in cm[c].items(): irow('country', c, '', i, x, x, norm(i, x), per, '', src)

se_ps = {o: pool_share('SE', o) for o in RATED}
log('SE pool missing:', [o for o in RATED if not ok(se_ps[o])])
fit, frows = {}, []
def pillars(n, present_any):
    """n: normalised by indicator; present_any: indicators some market has -> pillar scores, score, coverage"""
    ps, cov, whole, lg, pw = {}, 0.0, 0.0, 0.0, 0.0
    for p, (wp, ins) in PIL.items():
        ins = {i: w_ for i, w_ in ins.items() if i in present_any}
        tot = sum(ins.values())
        if tot == 0: continue
        whole += wp
        h = {i: w_ for i, w_ in ins.items() if i in n}
        cov += wp * sum(h.values()) / tot
        if h:
            ps[p] = sum(w_ * n[i] for i, w_ in h.items()) / sum(h.values())
            lg += wp * math.log(ps[p]); pw += wp
    return ps, (math.exp(lg / pw) if pw else NAN), (cov / whole if whole else NAN)
NORM = {}
def pyear(c): return str(min(int(gdp[c][1]), empyear[c])) if c in ESTIMATED else str(shyear[c])
for o in RATED:
    N = {}
    for c in CAND:
        raw = {i: v[0] for i, v in cm[c].items()}
        if (c, o) in supply:
            p, f, s = supply[c, o]
            raw['pool'] = math.log(1 + p); irow('country', c, o, 'pool', raw['pool'], raw['pool'], norm('pool', raw['pool']), pyear(c), '', 'ILOSTAT')
            if ok(se_ps[o]) and se_ps[o] > 0:
                raw['specialisation'] = math.log(max(s / se_ps[o], 0.05))
                irow('country', c, o, 'specialisation', raw['specialisation'], raw['specialisation'], norm('specialisation', raw['specialisation']), pyear(c), '', 'ILOSTAT')
        x, fl = no_short(c, o); raw['no_shortage_at_home'] = x
        irow('country', c, o, 'no_shortage_at_home', x, x, norm('no_shortage_at_home', x), '2022' if c in ela else '', fl, 'ELA')
        e = 3.0 if c in NORDIC else 2.5 if c in FREE else third(o) + (0.25 if c in visafree else 0.0)
        raw['entry'] = e; irow('country', c, o, 'entry', e, e, norm('entry', e), '2025' if c not in FREE and (ok(usual(o)) or ok(payp75.get(o, NAN))) else '', '', 'SCB pay, permit rules, passport index')
        N[c] = {i: norm(i, x) for i, x in raw.items() if has_indicator('country', c, i)}
    NORM[o] = N
# how tried: permits per million over the newest three published years; free movement: increase, and how many live here already (section 10, and the README)
import unicodedata
def permits(year):
    f = SE + f'migrationsverket/beviljade_arbetstillstand_{year}.xlsx'
    if year <= 2020:
        d = pd.read_excel(f, sheet_name='Yrkesgrupp, Medborgarskap', header=None); pairs = zip(d.iloc[:, 4], d.iloc[:, 5]) if d.shape[1] < 7 else zip(d.iloc[:, 5], d.iloc[:, 6])
    else:
        d = pd.read_excel(f, sheet_name='Medborgarskap, förstagångs', header=None); pairs = zip(d.iloc[:, 0], d.iloc[:, 13])
    return {' '.join(str(k).split()): float(v) for k, v in pairs if isinstance(v, (int, float)) and v == v and isinstance(k, str)}
OLD = {'MEXIKO': 'MX', 'MEXICO': 'MX', 'MYANMAR': 'MM', 'RYSSLAND': 'RU', 'STORBRITANNIEN': 'GB', 'USA': 'US', 'KONGO': 'CG', 'DEM REPUBLIKEN KONGO': 'CD', 'ESWATINI': 'SZ', 'SWAZILAND': 'SZ',
       'PALESTINA': 'PS', 'FIJI': 'FJ', 'BRUNEI': 'BN', 'MOCAMBIQUE': 'MZ', 'VITRYSSLAND': 'BY', 'MAKEDONIEN': 'MK', 'STATEN PALESTINA': 'PS', 'SAINT KITTS OCH NEVIS': 'KN', 'COMORERNA': 'KM'}
SVNAME = {n.upper(): c for c, n in name.items() if len(c) == 2}
granted, UNKNOWN = {}, set()
for y in (2020, 2022, 2024):
    for k, v in permits(y).items():
        c = OLD.get(k, SVNAME.get(k))
        if c: granted[c] = granted.get(c, 0.0) + v
        else: UNKNOWN.add(k)
log('permits: no country for', sorted(UNKNOWN))
third_ = [c for c in CAND if c not in FREE]
per_million = {c: granted.get(c, 0.0) / population[c] * 1e6 for c in third_}
med = float(np.median(list(per_million.values())))
free_ = [c for c in CAND if c in FREE and c in increase]
rec = {c: math.log(1 + max(increase[c], 0)) for c in free_}; rooted = {c: dias[c] / population[c] for c in CAND if c in FREE and c in dias}
mrec, mroot = float(np.median(list(rec.values()))), float(np.median(list(rooted.values())))
UNTESTED = {c for c in third_ if per_million[c] < med} | {c for c in free_ if rec[c] < mrec and not rooted.get(c, 0) >= mroot}
fits = {}
for W, PIL in (('balanced', BALANCED), ('likely', LIKELY), ('potential', POTENTIAL)):
    for o in RATED:
        N = {c: {i: v for i, v in NORM[o][c].items() if not (W == 'balanced' and c in ESTIMATED and i in ('pool', 'specialisation'))} for c in CAND}
        anyi = set().union(*(NORM[o][c] for c in CAND))
        for c in CAND:
            ps, sc, cov = pillars(N[c], anyi); g, why = gate(c, o)
            nopool = 'pool' not in N[c]
            reason = f'gate {g}' if g in 'DE' else 'no pool' if nopool else 'coverage below 0.65' if cov < 0.65 - 1e-12 else 'tested' if W == 'potential' and c not in UNTESTED else ''
            if nopool or cov < 0.65 - 1e-12: sc = NAN
            fits[W, 'country', c, o] = (sc, cov, g, reason)
            frows.append(dict(weighting=W, market_type='country', market=c, ssyk4=o, **ps, score=sc, coverage=cov, gate=g, gate_reason=why, ranked=reason == '', reason=reason))
PIL = BALANCED

# --- county markets
from statistics import NormalDist
def gc(a, b):
    (l1, p1), (l2, p2) = [(math.radians(x), math.radians(y)) for x, y in (a, b)]
    h = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin((l2 - l1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))
def ring(r):
    a = cx = cy = 0.0
    for (x0, y0), (x1, y1) in zip(r, r[1:] + r[:1]):
        t = x0 * y1 - x1 * y0; a += t; cx += (x0 + x1) * t; cy += (y0 + y1) * t
    return a / 2, cx / 6, cy / 6
def centroid(geom):
    polys = geom['coordinates'] if geom['type'] == 'MultiPolygon' else [geom['coordinates']]
    Ax = Ay = Aa = 0.0
    for poly in polys:
        for j, r in enumerate(poly):
            r = [(p[0], p[1]) for p in r]
            if 'centroid_vertices' in ALT and j == 0: Ax += sum(p[0] for p in r); Ay += sum(p[1] for p in r); Aa += len(r); continue
            a, x, y = ring(r); s = 1 if a > 0 else -1                      # area positive
            s = s if j == 0 else -s                                       # holes subtract
            Aa += s * a; Ax += s * x; Ay += s * y
    return Ax / Aa, Ay / Aa
cent = {f'{int(f["properties"]["l_id"]):02d}': centroid(f['geometry']) for f in json.load(open(SE + 'geo/swedish_regions.geojson'))['features']}
def G(x):
    n = len(x); x = np.asarray(x, float); 
    if n < 4: return NAN, NAN
    d = x - x.mean(); m2 = (d ** 2).mean()
    if m2 == 0: return NAN, NAN
    g1 = (d ** 3).mean() / m2 ** 1.5; g2 = (d ** 4).mean() / m2 ** 2 - 3
    return g1 * math.sqrt(n * (n - 1)) / (n - 2), (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)
TREAT = {'win': 0, 'log': 0}
def treat(d):
    """dict market->raw  ->  treated, label"""
    ks = list(d); x0 = np.array([d[k_] for k_ in ks], float); x = x0.copy()
    def fails(x): a, b = G(x); return ok(a) and abs(a) >= 2 and b >= 3.5
    rounds = 0
    while fails(x) and (rounds < 5 if 'win_by_points' not in ALT else (x != x0).sum() + 1 <= 5):
        a, _ = G(x)
        if a >= 0: m = x.max(); x[x == m] = x[x != m].max()
        else: m = x.min(); x[x == m] = x[x != m].min()
        rounds += 1
    lab_ = f'winsorised {rounds}' if rounds else ''
    if fails(x): x = np.log(x0 - x0.min() + 0.01 * (x0.max() - x0.min())); lab_ = 'log_CT'
    if lab_: TREAT['log' if lab_ == 'log_CT' else 'win'] += 1
    return dict(zip(ks, x.tolist())), lab_
def minmax(d):
    lo, hi = min(d.values()), max(d.values())
    return None if lo == hi else {k_: 1 + 99 * ((v - lo) / (hi - lo)) for k_, v in d.items()}
PIL_C = {'pool': (0.30, {'pool': 1, 'specialisation': 1}), 'availability': (0.25, {'assessment': 1}), 'mobility': (0.25, {}), 'feasibility': (0.20, {'distance': 1})}
ET = {c: sum(E(c, o) for o in OCC) for c in COUNTIES}
if 'totals_with_armed' in ALT: ET = regall[regall.year == YR].groupby('county_code').value.sum().to_dict()
af_c = {c: af(c) for c in OTHER}
dc = {c: -math.log(gc(cent[c], cent[R])) for c in OTHER if has_indicator('county', c, 'distance')}
dct, dlab = treat(dc); dcn = minmax(dct)
for c in dc: irow('county', c, '', 'distance', dc[c], dct[c], dcn[c], '', dlab, 'county outlines')
PIL = PIL_C
for o in RATED:
    ind = {'pool': {c: math.log(1 + E(c, o)) for c in OTHER}, 'specialisation': {}, 'assessment': {c: af_c[c][o][2] for c in OTHER if o in af_c[c] and ok(af_c[c][o][2])}}
    if E(R, o) > 0: ind['specialisation'] = {c: math.log(max((E(c, o) / ET[c]) / (E(R, o) / ET[R]), 0.05)) for c in OTHER}
    nn = {'distance': dcn} if dcn else {}
    for i, d in ind.items():
        d = {c: v for c, v in d.items() if has_indicator('county', c, i)}
        if not d: continue
        t, tl = treat(d); z = minmax(t)
        for c in d: irow('county', c, o, i, d[c], t[c], z[c] if z else NAN, '2025' if i == 'assessment' else str(YR), tl or ('' if z else 'constant: left out'), 'AF' if i == 'assessment' else 'SCB register')
        if z: nn[i] = z
    for c in OTHER:
        n = {i: z[c] for i, z in nn.items() if c in z}
        ps, sc, cov = pillars(n, set(nn)); reason = '' if cov >= 0.65 - 1e-12 else 'coverage below 0.65'
        if reason: sc = NAN
        fits['', 'county', c, o] = (sc, cov, '', reason)
        frows.append(dict(weighting='', market_type='county', market=c, ssyk4=o, **ps, score=sc, coverage=cov, gate='', gate_reason='', ranked=reason == '', reason=reason))
log('county treatment', TREAT, '| gate E from P75 alone:', sorted(P75ONLY))
frows.sort(key=lambda r: (r['weighting'], r['market_type'], r['ssyk4'], r['market']))
write('fit', 'weighting market_type market ssyk4 pool availability mobility feasibility score coverage gate gate_reason ranked reason'.split(), frows)
# --- counties for one occupation at a time
orows = []
for o in RATED:
    own = {c: fits['', 'county', c, o][0] for c in OTHER if fits['', 'county', c, o][3] == ''}
    orows += [dict(market_type='county', ssyk4=o, market=c, score=sc, rank=1 + sum(1 for s in own.values() if s > sc)) for c, sc in own.items()]
write('occupation_places', 'market_type ssyk4 market score rank'.split(), orows)
irows.sort(key=lambda r: (r['market_type'], r['market'], r['ssyk4'], r['indicator']))
write('indicators', 'market_type market ssyk4 indicator raw treated normalised period flag source'.split(), irows)

# --- area scores
CNAME = {r.county_code: r.county for r in reg.drop_duplicates('county_code').itertuples()}
mrows = []
for W, mt, ms in (('balanced', 'country', CAND), ('likely', 'country', CAND), ('potential', 'country', CAND), ('', 'county', OTHER)):
    for a in AO:
        wo = {o: demand[o]['need'] * (1 if 'weight_no_volume' in ALT else demand[o]['volume']) * s for o, s in AO[a].items() if o in set(RATED)}
        tot = sum(wo.values()); rows = []
        for c in ms:
            num = den = cnum = real = opn = 0.0
            for o, w_ in wo.items():
                sc, cov, g, reason = fits[W, mt, c, o]
                out = g in ('D', 'E')
                nop = out and mt == 'country' and (c, o) not in supply and 'gated_needs_pool' in ALT
                if not out: opn += w_
                F = NAN if nop else 1.0 if out else sc
                if ok(F): num += w_ * F; den += w_; cnum += w_ * (cov if ok(cov) else 0)
                if not out and ok(F): real += w_
            ws = den / tot if tot > 0 else NAN
            ranked = tot > 0 and ws >= 0.65 - 1e-12
            if W == 'potential': ranked = ranked and c in UNTESTED
            if 'need_real' in ALT: ranked = ranked and real > 0
            rows.append(dict(weighting=W, market_type=mt, area=a, market=c, name=name.get(c, c) if mt == 'country' else CNAME[c], score=num / den if ranked else NAN, coverage=cnum / den if den > 0 else NAN,
                             weight_share=ws, open_share=opn / tot if tot > 0 else NAN, ranked=ranked, reason='' if ranked else 'less than 0.65 of the area\'s weight', _real=real))
        srt = sorted(r['score'] for r in rows if r['ranked'])
        for r in rows:
            if r['ranked']: r['rank'] = 1 + sum(1 for s in srt if s > r['score'])
        if mt == 'country':
            for c in NOTREC:
                if c in big: rows.append(dict(weighting=W, market_type=mt, area=a, market=c, name=name.get(c, c), ranked=False, reason='not_recruited'))
            nr = [r['market'] for r in rows if r['ranked'] and r['_real'] == 0]
            if nr: log('ranked without any open, scored occupation', a, nr)
        mrows += rows
mrows.sort(key=lambda r: (r['weighting'], r['market_type'], r['area'], r.get('rank', 10**6), r['market']))
write('markets', 'weighting market_type area market name score rank coverage weight_share open_share ranked reason'.split(), mrows)

# ============================================================ section 5: gender
def cls(p): return '' if not ok(p) else '<20' if p < .2 else '20-40' if p < .4 else '40-60' if p < .6 else '60-80' if p < .8 else '>80'
def recruits(F, M, f):
    T = F + M
    if T < 10 or not ok(f): return None, None
    small, fs = (F, f) if F <= M else (M, 1 - f)
    if small >= 0.4 * T: return 0, True
    if fs <= 0.4: return None, False
    n = math.ceil((0.4 * T - small) / (fs - 0.4) - 1e-9)
    return n, n <= T
grows = []
for a in AO:
    for o in AO[a]:
        if o not in set(RATED): continue
        F, M = emp[R, o, 'women'], emp[R, o, 'men']; Fs, Ms = E_se(o, 'women'), E_se(o, 'men')
        sc_ = F / (F + M) if F + M >= 10 else NAN; ss = Fs / (Fs + Ms) if Fs + Ms >= 10 else NAN
        for mt, ms in (('country', CAND), ('county', OTHER)):
            for c in ms:
                if mt == 'country':
                    if (c, o) not in supply: continue
                    f = supply[c, o][1]
                else: f = emp[c, o, 'women'] / E(c, o) if E(c, o) >= 10 else NAN
                n, re_ = recruits(F, M, f)
                grows.append(dict(area=a, ssyk4=o, market_type=mt, market=c, share_women_county=sc_, share_women_sweden=ss, share_women_market=f, class_county=cls(sc_), recruits_to_40=n, reachable=re_))
write('gender', 'area ssyk4 market_type market share_women_county share_women_sweden share_women_market class_county recruits_to_40 reachable'.split(), grows)
log('done; rated', len(RATED), pd.Series([demand[o]['rating'] for o in OCC]).value_counts().to_dict())
print(f'county {R}: {time.time()-T0:.1f} s')
