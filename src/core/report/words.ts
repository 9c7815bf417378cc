import type { ReportLanguage } from '../../shared/contract/export'

/** The words of a report, in both languages. Numbers are put in as they are written there. */
const en = {
  title: 'What was read and checked',
  made: 'Made by Nomina on {{at}}',
  many: 'How many',
  files: 'files',
  fields: 'name fields',
  byPerson: 'decided by a person',
  byRule: 'accepted by a rule',
  undecided: 'not decided yet',
  failed: 'could not be read',
  without: 'Of the decided ones {{list}}.',
  blank: '{{count}} are blank',
  illegible: '{{count}} illegible',
  sure: 'How sure, and how that is known',
  byHand:
    '{{count}} labels were decided by a person who saw the handwriting. How often people are mistaken is not measured here.',
  rule: 'A rule accepted {{count}} labels that the reader was sure of. {{value}} of them are right; with 95 % certainty between {{low}} and {{high}}.',
  audited:
    'That is known from {{checked}} of them, drawn at random and decided by a person who did not see what was read: {{wrong}} were wrong.',
  sampled: 'That is known from a random sample, decided before by a person who did not see what was read.',
  drawn:
    'The reader ({{name}}) reads {{value}} of the fields without a mistake; with 95 % certainty between {{low}} and {{high}}. That is known from {{checked}} fields, drawn at random and decided by a person who did not see what was read.',
  notDrawn:
    'The reader ({{name}}) had read {{value}} of the {{checked}} fields without a mistake that a person decided one by one (95 %: {{low}} to {{high}}). They were not drawn at random: of the other fields this says little.',
  nothing:
    'Nothing was checked yet that says how often the reader is right. “Target accuracy” under Data draws a random sample for it.',
  change: 'Before and after',
  changed:
    'Of {{decided}} labels that came with the scans and were looked at by a person, {{changed}} are others now ({{share}}).',
  unlabelled: 'The scans came without labels, or none of those was looked at yet.',
  examples: 'Ten fields',
  drawnHow:
    'Drawn at random among those that a person decided: half of them were put right, as far as there are so many.',
  crop: 'Handwriting',
  before: 'Before',
  after: 'After',
  who: 'Decided by',
  masked: 'Names are masked: of each only the letters that were put right, or the first one, are in this page.',
  none: 'No field was decided by a person yet.'
}
type Words = typeof en

const fr: Words = {
  title: 'Ce qui a été lu et vérifié',
  made: 'Fait par Nomina le {{at}}',
  many: 'Combien',
  files: 'fichiers',
  fields: 'champs de noms',
  byPerson: 'décidés par une personne',
  byRule: 'acceptés par une règle',
  undecided: 'pas encore décidés',
  failed: 'n’ont pas pu être lus',
  without: 'Parmi les champs décidés, {{list}}.',
  blank: '{{count}} sont vides',
  illegible: '{{count}} illisibles',
  sure: 'Avec quelle certitude, et d’où on le sait',
  byHand:
    '{{count}} étiquettes ont été décidées par une personne qui voyait l’écriture. La fréquence des erreurs humaines n’est pas mesurée ici.',
  rule: 'Une règle a accepté {{count}} étiquettes dont le lecteur était sûr. {{value}} d’entre elles sont justes ; avec 95 % de certitude entre {{low}} et {{high}}.',
  audited:
    'On le sait par {{checked}} d’entre elles, tirées au hasard et décidées par une personne qui ne voyait pas la lecture : {{wrong}} étaient fausses.',
  sampled:
    'On le sait par un échantillon tiré au hasard, décidé auparavant par une personne qui ne voyait pas la lecture.',
  drawn:
    'Le lecteur ({{name}}) lit {{value}} des champs sans faute ; avec 95 % de certitude entre {{low}} et {{high}}. On le sait par {{checked}} champs, tirés au hasard et décidés par une personne qui ne voyait pas la lecture.',
  notDrawn:
    'Le lecteur ({{name}}) avait lu sans faute {{value}} des {{checked}} champs qu’une personne a décidés un à un (95 % : {{low}} à {{high}}). Ils n’ont pas été tirés au hasard : cela dit peu des autres champs.',
  nothing:
    'Rien n’a encore été vérifié qui dise combien de fois le lecteur a raison. « Exactitude visée » sous Données tire un échantillon pour cela.',
  change: 'Avant et après',
  changed:
    'Sur {{decided}} étiquettes venues avec les scans et regardées par une personne, {{changed}} ont changé ({{share}}).',
  unlabelled: 'Les scans sont venus sans étiquettes, ou aucune n’a encore été regardée.',
  examples: 'Dix champs',
  drawnHow: 'Tirés au hasard parmi ceux qu’une personne a décidés : la moitié a été corrigée, s’il y en a autant.',
  crop: 'Écriture',
  before: 'Avant',
  after: 'Après',
  who: 'Décidé par',
  masked:
    'Les noms sont masqués : de chacun, seules les lettres corrigées, ou la première, se trouvent dans cette page.',
  none: 'Aucun champ n’a encore été décidé par une personne.'
}

const all: Record<ReportLanguage, Words> = { en, fr }

/** `say(KEY, values)`, with numbers and shares as the language writes them. */
export function wordsOf(language: ReportLanguage) {
  const locale = { en: 'en-GB', fr: 'fr-FR' }[language]
  const count = (value: number): string => new Intl.NumberFormat(locale).format(value)
  const share = (value: number): string => {
    // Never 100 % of what is not all, nor 0 % of what is more than nothing.
    const tenths = value < 1 ? Math.min(999, Math.max(value > 0 ? 1 : 0, Math.round(value * 1000))) : 1000
    return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(tenths / 10)} %`
  }
  const date = (at: Date): string => at.toLocaleDateString(locale, { day: 'numeric', month: 'long', year: 'numeric' })
  const say = (key: keyof Words, values: Record<string, string> = {}): string =>
    all[language][key].replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name]!)
  return { say, count, share, date }
}
