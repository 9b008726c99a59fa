"""Names of countries and of American states, as profiles write them, to their codes.

Source: ISO 3166-1 (alpha-2, alpha-3, English short names with common variants), ISO 3166-2:US and :CA.
"""

from collections.abc import Mapping
from types import MappingProxyType

_COUNTRIES = """
AD AND Andorra|AE ARE United Arab Emirates,UAE|AF AFG Afghanistan|AG ATG Antigua and Barbuda|AL ALB Albania|AM ARM Armenia|AO AGO Angola|AR ARG Argentina
AT AUT Austria,Österreich|AU AUS Australia|AZ AZE Azerbaijan|BA BIH Bosnia and Herzegovina|BB BRB Barbados|BD BGD Bangladesh|BE BEL Belgium,België,Belgique,Belgien
BF BFA Burkina Faso|BG BGR Bulgaria|BH BHR Bahrain|BI BDI Burundi|BJ BEN Benin|BN BRN Brunei,Brunei Darussalam|BO BOL Bolivia|BR BRA Brazil,Brasil|BS BHS Bahamas
BT BTN Bhutan|BW BWA Botswana|BY BLR Belarus|BZ BLZ Belize|CA CAN Canada|CD COD DR Congo|CF CAF Central African Republic|CG COG Congo|CH CHE Switzerland,Schweiz,Suisse,Svizzera
CI CIV Ivory Coast,Côte d'Ivoire|CL CHL Chile|CM CMR Cameroon|CN CHN China|CO COL Colombia|CR CRI Costa Rica|CU CUB Cuba|CV CPV Cape Verde,Cabo Verde|CY CYP Cyprus
CZ CZE Czechia,Czech Republic,Česko|DE DEU Germany,Deutschland,Allemagne|DJ DJI Djibouti|DK DNK Denmark,Danmark|DM DMA Dominica|DO DOM Dominican Republic|DZ DZA Algeria
EC ECU Ecuador|EE EST Estonia,Eesti|EG EGY Egypt|ER ERI Eritrea|ES ESP Spain,España|ET ETH Ethiopia|FI FIN Finland,Suomi|FJ FJI Fiji|FM FSM Micronesia|FR FRA France,Frankreich
GA GAB Gabon|GB GBR United Kingdom,UK,Great Britain,England,Scotland,Wales,Northern Ireland|GD GRD Grenada|GE GEO Georgia|GH GHA Ghana|GM GMB Gambia|GN GIN Guinea
GQ GNQ Equatorial Guinea|GR GRC Greece,Hellas|GT GTM Guatemala|GW GNB Guinea-Bissau|GY GUY Guyana|HK HKG Hong Kong|HN HND Honduras|HR HRV Croatia,Hrvatska|HT HTI Haiti
HU HUN Hungary,Magyarország|ID IDN Indonesia|IE IRL Ireland,Éire|IL ISR Israel|IN IND India|IQ IRQ Iraq|IR IRN Iran|IS ISL Iceland|IT ITA Italy,Italia|JM JAM Jamaica
JO JOR Jordan|JP JPN Japan|KE KEN Kenya|KG KGZ Kyrgyzstan|KH KHM Cambodia|KI KIR Kiribati|KM COM Comoros|KN KNA Saint Kitts and Nevis|KP PRK North Korea
KR KOR South Korea,Korea,Republic of Korea|KW KWT Kuwait|KZ KAZ Kazakhstan|LA LAO Laos|LB LBN Lebanon|LC LCA Saint Lucia|LI LIE Liechtenstein|LK LKA Sri Lanka|LR LBR Liberia
LS LSO Lesotho|LT LTU Lithuania,Lietuva|LU LUX Luxembourg|LV LVA Latvia,Latvija|LY LBY Libya|MA MAR Morocco|MC MCO Monaco|MD MDA Moldova|ME MNE Montenegro|MG MDG Madagascar
MH MHL Marshall Islands|MK MKD North Macedonia,Macedonia|ML MLI Mali|MM MMR Myanmar,Burma|MN MNG Mongolia|MO MAC Macau,Macao|MR MRT Mauritania|MT MLT Malta|MU MUS Mauritius
MV MDV Maldives|MW MWI Malawi|MX MEX Mexico,México|MY MYS Malaysia|MZ MOZ Mozambique|NA NAM Namibia|NE NER Niger|NG NGA Nigeria|NI NIC Nicaragua
NL NLD Netherlands,The Netherlands,Nederland,Holland|NO NOR Norway,Norge|NP NPL Nepal|NR NRU Nauru|NZ NZL New Zealand|OM OMN Oman|PA PAN Panama|PE PER Peru,Perú
PG PNG Papua New Guinea|PH PHL Philippines|PK PAK Pakistan|PL POL Poland,Polska|PR PRI Puerto Rico|PS PSE Palestine|PT PRT Portugal|PW PLW Palau|PY PRY Paraguay|QA QAT Qatar
RO ROU Romania,România|RS SRB Serbia|RU RUS Russia,Russian Federation|RW RWA Rwanda|SA SAU Saudi Arabia|SB SLB Solomon Islands|SC SYC Seychelles|SD SDN Sudan|SE SWE Sweden,Sverige
SG SGP Singapore|SI SVN Slovenia,Slovenija|SK SVK Slovakia,Slovensko|SL SLE Sierra Leone|SM SMR San Marino|SN SEN Senegal|SO SOM Somalia|SR SUR Suriname|SS SSD South Sudan
ST STP Sao Tome and Principe|SV SLV El Salvador|SY SYR Syria|SZ SWZ Eswatini|TD TCD Chad|TG TGO Togo|TH THA Thailand|TJ TJK Tajikistan|TL TLS Timor-Leste|TM TKM Turkmenistan
TN TUN Tunisia|TO TON Tonga|TR TUR Turkey,Türkiye|TT TTO Trinidad and Tobago|TV TUV Tuvalu|TW TWN Taiwan|TZ TZA Tanzania|UA UKR Ukraine|UG UGA Uganda
US USA United States,United States of America,U.S.,U.S.A.,America|UY URY Uruguay|UZ UZB Uzbekistan|VA VAT Vatican City|VC VCT Saint Vincent and the Grenadines|VE VEN Venezuela
VN VNM Vietnam,Viet Nam|VU VUT Vanuatu|WS WSM Samoa|XK XKX Kosovo|YE YEM Yemen|ZA ZAF South Africa|ZM ZMB Zambia|ZW ZWE Zimbabwe
"""
_US_STATES = """
AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia,Washington DC|FL Florida|GA Georgia|HI Hawaii|ID Idaho
IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska
NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|PR Puerto Rico|RI Rhode Island
SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|GU Guam|VI Virgin Islands
"""
_CA_PROVINCES = """
AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island
QC Quebec,Québec|SK Saskatchewan|YT Yukon
"""


def _rows(table: str) -> list[str]:
    return [row.strip() for line in table.strip().splitlines() for row in line.split("|")]


def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _rows(_COUNTRIES):
        alpha2, alpha3, names = row.split(" ", 2)
        for name in (alpha2, alpha3, *names.split(",")):
            found[name.casefold()] = alpha2
    return found


def _regions(table: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _rows(table):
        code, names = row.split(" ", 1)
        for name in (code, *names.split(",")):
            found[name.casefold()] = code
    return found


COUNTRIES: Mapping[str, str] = MappingProxyType(_countries())
US_STATES: Mapping[str, str] = MappingProxyType(_regions(_US_STATES))
CA_PROVINCES: Mapping[str, str] = MappingProxyType(_regions(_CA_PROVINCES))


def country_code(text: str) -> str | None:
    """Give the ISO 3166-1 alpha-2 code of a country's code or name; ``None`` where it is none that is known here."""
    return COUNTRIES.get(text.strip().casefold())


def region_code(text: str, country: str | None) -> str | None:
    """Give the code of an American state or a Canadian province; other countries' regions are not told apart."""
    name = text.strip().casefold().removeprefix("us-").removeprefix("ca-")
    if country == "CA":
        return CA_PROVINCES.get(name)
    return US_STATES.get(name) if country in {None, "US"} else None
