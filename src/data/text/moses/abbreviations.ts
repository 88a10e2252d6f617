/**
 * Words after which a full stop does not end a sentence, and so stays with them, by language. `beforeNumbers` keep theirs only where a
 * digit follows. Grouped by what they abbreviate; the choice follows what is usual in tokenising for machine translation, where
 * German also counts one- and two-digit numbers, which are ordinals before a full stop.
 */
import type { Language } from './tokenize';

export interface Abbreviations {
  readonly always: ReadonlySet<string>;
  readonly beforeNumbers: ReadonlySet<string>;
}

const letters = (first: string) => Array.from({ length: 26 }, (_, place) => String.fromCharCode(first.charCodeAt(0) + place));
const words = (list: string) => list.split(' ');

const address = words('Mr Mrs Ms MR MRS MS MM Dr DR Prof Messrs Mlle Mme Msgr Sr St Hon Rev Rt');
const ranks = words('Adm Brig Capt Cmdr Col Comdr Cpl Ens Gen Lt Maj Ord Pfc Pvt Sfc Sgt Op');
const offices = words('Adj Adv Asst Gov Insp Ph Rep Reps Res Sen Sens Supt Surg');
const names = words('Bart Bldg Bros Con Corp Hosp');
const shared = [...letters('A'), ...address, ...ranks, ...offices, ...names];

const english = [...words('Drs Hr Rs Nos Nr'), ...words('v vs i.e e.g rev'), ...words('Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec')];

const roman = words('I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX');
const ordinals = Array.from({ length: 99 }, (_, before) => String(before + 1));
const german = [
  ...words('bzw usw usf ff etc ggf evtl sog sogen dgl dergl bzgl zzt ca Ca v vs jun sen spp'),
  ...words('d.h D.h z.B z.T z.Zt u.a u.ä u.E u.U u.s.w m.E o.ä k.o i.H.v d.J b.A g.U g.g.A I.F c.-à-d s.p.a'),
  ...words('Mio Mrd MwSt Std Zt Chr Buchst Dkr'), ...words('Co Ltd SA BSE'), ...words('Nr No Nos Art pp'),
];

export const abbreviations: Readonly<Record<Language, Abbreviations>> = {
  en: { always: new Set([...shared, ...english]), beforeNumbers: new Set(['No', 'Art', 'pp']) },
  de: { always: new Set([...shared, ...letters('a'), ...roman, ...roman.map(number => number.toLowerCase()), ...ordinals, ...german]), beforeNumbers: new Set() },
};
