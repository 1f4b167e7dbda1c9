"""What the header of a column means, in English, German and Chinese: exact words, no guesses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

GRAMS = {"mg": 1e-3, "g": 1.0, "kg": 1e3, "t": 1e6, "oz": 28.349523125, "lb": 453.59237}
"""Grams of a unit of mass; an ounce and a pound are those of 1959, avoirdupois."""
PER_CENT = {"%": 1.0, "ppm": 1e-4}  # per cent of a unit of content
_UNIT_WORDS = {
    "mg": "mg milligram milligrams milligramm 毫克",
    "g": "g gr gram grams gramm 克",
    "kg": "kg kgs kilo kilos kilogram kilograms kilogramm 千克 公斤",
    "t": "t tonne tonnes 吨",
    "oz": "oz ounce ounces unze unzen 盎司",
    "lb": "lb lbs pound pounds 磅",
    "%": "% wt% wt.% wt.-% gew.% gew.-% gew% percent prozent m% mass%",
    "ppm": "ppm mg/kg",
    "piece": "pc pcs pce piece pieces ea each st stk stück stueck set sets x "
    "个 件 只 片 块 套 支 台",
}
_UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
MASSES, PARTS, PIECE = frozenset(GRAMS), frozenset(PER_CENT), "piece"
MEASURES = frozenset({"m", "mm", "cm", "m2", "m²", "l", "ml"})
"""Units of a quantity that is measured: a mass beside it is that of one of them."""
_CURRENCIES = {"€": "EUR", "£": "GBP", "$": "", "¥": ""}  # of several countries: unknown


def unit_word(text: str) -> str:
    """Return a unit as this module names it; the text itself where it is none of them."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return _UNITS.get(plain) or _UNITS.get(plain.rstrip(".")) or plain


def currency_code(text: str) -> str:
    """Return the three letters of a currency; empty where they are not known."""
    code = text.strip().upper()
    is_code = len(code) == 3 and code.isascii() and code.isalpha()
    return _CURRENCIES.get(code, code if is_code else "")


_WORDS = {
    "position": "position;pos;pos no;pos nr;item;item no;item number;find no;find number;line;"
    "line no;no;nr;lfd nr;positionsnummer;positionsnr;序号;项次;项目号",
    "level": "level;bom level;indenture;indenture level;ebene;stufe;stücklistenebene;baustufe;"
    "stücklistenstufe;层级;级别;层次;阶层;bom层级",
    "parent": "parent;parent part;parent part number;parent item;parent position;next assembly;"
    "parent pos;übergeordnet;übergeordnete position;übergeordnete baugruppe;gehört zu;oberteil;"
    "父项;父件;上级;上级物料;上级件号;上级序号",
    "part_number": "part number;part no;part;pn;p n;mpn;article number;article no;"
    "material number;teilenummer;teile nr;teil;teil nr;sachnummer;sach nr;artikelnummer;"
    "artikel nr;materialnummer;物料编码;物料号;零件号;料号;图号;件号;零件编号",
    "description": "description;name;part name;designation;title;bezeichnung;benennung;"
    "beschreibung;teilebezeichnung;名称;描述;零件名称;物料名称;品名;物料描述",
    "quantity": "quantity;qty;quantity per parent;qty per parent;qty per assembly;"
    "quantity per assembly;qty per;menge;anzahl;stück;stückzahl;menge je baugruppe;"
    "menge pro baugruppe;数量;用量;单机用量;单台用量",
    "quantity_unit": "unit;uom;unit of measure;quantity unit;einheit;mengeneinheit;me;单位;"
    "计量单位;数量单位",
    "mass": "mass;weight;unit weight;unit mass;mass per piece;weight per piece;net weight;gewicht;"
    "masse;stückgewicht;einzelgewicht;gewicht je stück;gewicht pro stück;nettogewicht;质量;重量;"
    "单重;单件重量;净重;单件质量",
    "total_mass": "total mass;total weight;extended weight;gesamtgewicht;gesamtmasse;总重;总重量;"
    "总质量",
    "mass_unit": "mass unit;weight unit;unit of mass;unit of weight;gewichtseinheit;masseeinheit;"
    "重量单位;质量单位",
    "material": "material;material name;werkstoff;werkstoffbezeichnung;材料;材质;材料名称",
    "grade": "grade;material grade;magnet grade;güte;magnetgüte;sorte;güteklasse;牌号;材料牌号;"
    "磁钢牌号;等级",
    "supplier": "supplier;supplier name;vendor;lieferant;zulieferer;供应商;供应商名称",
    "maker": "manufacturer;maker;manufacturer name;hersteller;制造商;厂家;生产商",
    "split": "split;supplier split;supplier share;share of supply;lieferanteil;anteil;"
    "lieferquote;份额;供货比例;采购比例",
    "country": "country;supplier country;country of supplier;land;lieferantenland;"
    "land des lieferanten;国家;供应商国家",
    "made_in": "country of origin;country of manufacture;made in;origin;coo;herkunftsland;"
    "ursprungsland;ursprung;herstellungsland;hergestellt in;gefertigt in;"
    "produktionsland;原产国;原产地;产地;生产国",
    "value": "value;price;unit price;unit cost;cost;unit value;preis;stückpreis;einzelpreis;wert;"
    "kosten;价格;单价;价值",
    "currency": "currency;währung;币种;货币",
    "stock": "stock;on hand;inventory;bestand;lagerbestand;vorrat;库存;库存量",
    "use_per_day": "use per day;daily use;consumption per day;daily consumption;tagesbedarf;"
    "verbrauch pro tag;verbrauch je tag;日用量;每日用量;日消耗;日消耗量",
    "product_class": "product class;produktklasse;produktgruppe;产品类别;产品类型",
    "evidence": "evidence;content evidence;kind of evidence;nachweis;nachweisart;beleg;依据;"
    "证据;含量依据",
}
MEANINGS = {
    "position": "number of the line",
    "level": "level of assembly",
    "parent": "what it is a part of",
    "part_number": "part number",
    "description": "description",
    "quantity": "quantity in one of what stands above",
    "quantity_unit": "unit of the quantity",
    "mass": "mass of one piece",
    "total_mass": "mass of all pieces of the line",
    "mass_unit": "unit of mass",
    "material": "material",
    "grade": "grade",
    "supplier": "supplier",
    "maker": "supplier",
    "split": "share of the supplier",
    "country": "country of the supplier",
    "made_in": "country where it is made",
    "value": "value of one piece",
    "currency": "currency",
    "stock": "stock",
    "use_per_day": "use per day",
    "product_class": "product class",
    "evidence": "kind of evidence of the content",
    "content": "content",
}
_FIELDS = {word: field for field, words in _WORDS.items() for word in words.split(";")}
_OF_SUPPLIERS = {"supplier", "split", "country", "made_in"}
_SECOND = re.compile(
    r"(?:second|2nd|alternate|alternative|zweit|alternativ|alternativer|第二|备选)\s*"
    r"(?:source|quelle)?\s*(.*)"
)
_TIER = re.compile(r"(?:tier|stufe|第)\s*([1-9])\s*(?:级)?|([一二三四])级")
_NUMBER = re.compile(r"(.*?)\s*([1-9])")
_BRACKETS = re.compile(r"[\[(<]([^\])>]*)[\])>]")
_CONTENT = re.compile(r"(?:anteil|content|gehalt|含量|concentration|massenanteil)")
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True)
class Meaning:
    """What a column is taken for."""

    field: str
    tier: int = 1
    number: int = 1
    element: str = ""
    unit: str = ""  # that the header names, as a word of :mod:`monazite.bom.headers`, or a currency

    @property
    def words(self) -> str:
        """What it is told as."""
        told = MEANINGS[self.field]
        if self.field in _OF_SUPPLIERS:
            which = f" {self.number}" if self.number > 1 else ""
            told += which + (f" of tier {self.tier}" if self.tier > 1 else "")
        if self.element:
            told = f"{told} of {self.element}"
        return f"{told}, in {self.unit}" if self.unit else told


def of_makers(meanings: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """Say which supplier a maker is: the first of tier 2 where another sells the part."""
    named = {(each.field, each.tier, each.number) for each in meanings.values()}
    sold = ("supplier", 1, 1) in named
    return {
        place: replace(each, field="supplier", tier=2 if sold else 1)
        if each.field == "maker"
        else each
        for place, each in meanings.items()
    }


def plain_words(text: str) -> str:
    """Return a text in small letters, without marks between its words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


def read_header(text: str, elements: Mapping[str, str]) -> Meaning | None:
    """Return what a header means; None where its words are not known."""
    plain = unicodedata.normalize("NFKC", text)
    unit = _unit_in(plain)
    words = plain_words(_BRACKETS.sub(" ", plain))
    field = _FIELDS.get(words)
    if field is None and unit:
        kept = [word for word in words.split() if unit_word(word) != unit]
        words = " ".join(kept[:-1] if kept[-1:] in (["in"], ["per"]) else kept)
        field = _FIELDS.get(words)
    if field is not None:
        return Meaning(field, unit=unit)
    if supplier := _of_supplier(words, unit):
        return supplier
    bare = " ".join(_CONTENT.sub(" ", words).replace("wt", " ").replace("gew", " ").split())
    element = elements.get(bare) or elements.get(bare.removesuffix(unit).strip())
    return None if element is None else Meaning("content", element=element, unit=unit)


def _unit_in(text: str) -> str:
    """The unit that a header names: in brackets, or at its end."""
    inside: list[str] = [each.strip() for each in _BRACKETS.findall(text)]
    words = _BRACKETS.sub(" ", text).replace("/", " ").replace(",", " ").split()
    for each in (*inside, *words[-1:]):
        if each == "%" or each in _CURRENCIES:
            return each
        if each.isupper() and len(each) == 3 and words:
            return each if inside else ""
        word = unit_word(each)
        if word in MASSES or word in PARTS:
            return word
    return "%" if "%" in text else ""


def _of_supplier(words: str, unit: str) -> Meaning | None:
    tier, number = 1, 1
    if found := _TIER.search(words):
        tier = int(found[1]) if found[1] else _CHINESE[found[2]]
        words = " ".join(_TIER.sub(" ", words).split())
    if second := _SECOND.fullmatch(words):
        number, words = 2, second[1] or "supplier"
    elif counted := _NUMBER.fullmatch(words):
        words, number = counted[1], int(counted[2])
    field = _FIELDS.get(words)
    return Meaning(field, tier, number, unit=unit) if field in _OF_SUPPLIERS else None
