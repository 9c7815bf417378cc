/** The charts of a project's fields, from what the core counted to what is drawn and said. */
import type { Output } from '../../../../../shared/contract'
import { traitsOf } from '../../../../../shared/states'
import { t } from '../../../i18n'
import { barsOption, columnsOption, stackOption, type Bar } from '../charts/options'
import type { ChartOf, ChartSpec } from '../charts/spec'
import type { ColourName } from '../charts/colours'
import { shownCharacter } from '../filterWords'
import { integer, share } from '../numbers'

export type Overview = Output<'dataset.overview'>
type Counted = { label: string; count: number; filter: ChartSpec['rows'][number]['filter'] }

const fieldsHead = (what: string): string[] => [what, t('data:columns.fields')]

/** A chart of counts: as columns, or as bars of which the first few are drawn and all are in the table. */
function counted(
  what: string,
  entries: readonly (Counted & { tone?: ColourName; hint?: string })[],
  shape: 'columns' | 'bars',
  drawn = entries.length
): ChartSpec {
  const bars: Bar[] = entries.slice(0, drawn).map(({ label, count, tone, hint }) => ({
    label,
    value: count,
    ...(tone && { tone }),
    hint: [hint ?? label, t('data:fields', { count })]
  }))
  return {
    columns: fieldsHead(what),
    rows: entries.map(({ label, count, filter, hint }) => ({ cells: [hint ?? label, count], filter: filter! })),
    option: shape === 'columns' ? columnsOption(bars) : barsOption(bars),
    categories: shape === 'columns' ? 'x' : 'y'
  }
}

/** Undecided fields are told apart by where their label comes from; of others the decision says it. */
export const statusSpec = ({ status }: Overview): ChartSpec =>
  counted(
    t('data:columns.status'),
    status.map(({ status: of, origin, count, filter }) => {
      const { tone } = traitsOf(of)
      return {
        label: of === 'undecided' ? t(`data:undecided.${origin}`) : t(`data:status.${of}`),
        count,
        filter,
        ...(tone !== 'quiet' && { tone })
      }
    }),
    'bars'
  )

export const importedSpec = ({ imported }: Overview): ChartSpec => {
  const some = imported.some(({ label }) => label !== 'none')
  const named = imported.map((entry) => ({
    ...entry,
    label: t(`data:imported.${entry.label}`)
  }))
  return counted(t('data:columns.imported'), some ? named : [], 'bars')
}

export const confidenceSpec = ({ confidence }: Overview): ChartSpec => {
  const read = confidence.some(({ count }) => count > 0)
  return counted(
    t('data:columns.confidence'),
    (read ? confidence : []).map(({ from, to, count, filter }) => ({
      label: share(from, 0),
      hint: t('data:range', { from: share(from, 0), to: share(to, 0) }),
      count,
      filter,
      ...(from >= 0.9 && { tone: 'ok' as const }),
      ...(from < 0.5 && { tone: 'doubt' as const })
    })),
    'columns'
  )
}

export const lengthsSpec = ({ lengths }: Overview): ChartSpec =>
  counted(
    t('data:columns.length'),
    lengths.map(({ length, count, filter }) => ({
      label: integer(length),
      hint: t('data:characters', { count: length }),
      count,
      filter
    })),
    'columns'
  )

export const sizesSpec = (sizes: Overview['widths'], what: 'width' | 'height'): ChartSpec =>
  counted(
    t(`data:columns.${what}`),
    sizes.map(({ from, to, count, filter }) => ({
      label: integer(from),
      hint:
        to - from === 1
          ? t('data:pixels', { count: from })
          : t('data:pixelRange', { from: integer(from), to: integer(to - 1) }),
      count,
      filter
    })),
    'columns'
  )

export const charactersSpec = ({ characters }: Overview): ChartSpec => ({
  ...counted(
    t('data:columns.character'),
    characters.map(({ label, count, filter }) => ({ label: shownCharacter(label), count, filter })),
    'columns',
    40
  ),
  columns: [t('data:columns.character'), t('data:columns.times')]
})

export const namesSpec = ({ names }: Overview): ChartSpec =>
  counted(
    t('data:columns.name'),
    names.map(({ label, count, filter }) => ({
      label: label === '' ? t('data:nothingWritten') : label,
      count,
      filter
    })),
    'bars',
    10
  )

const stackTones: readonly { tone: ColourName; opacity: number }[] = [
  { tone: 'accent', opacity: 0.85 },
  { tone: 'ok', opacity: 0.8 },
  { tone: 'accent', opacity: 0.4 },
  { tone: 'ok', opacity: 0.4 },
  { tone: 'doubt', opacity: 0.8 },
  { tone: 'muted', opacity: 0.6 }
]

/** Decisions by day, each reviewer a part; a day without any is left out. */
export function throughputSpec({ throughput }: Overview): ChartSpec {
  const days = [...new Set(throughput.map(({ day }) => day))]
  const people = [...new Set(throughput.map(({ reviewer }) => reviewer))]
  const at = (day: string | undefined, reviewer: string | null): number =>
    throughput.findIndex((entry) => entry.day === day && (reviewer === null || entry.reviewer === reviewer))
  const parts = people.map((name, index) => ({
    name,
    ...stackTones[index % stackTones.length]!,
    values: days.map((day) => throughput.find((entry) => entry.day === day && entry.reviewer === name)?.count ?? 0)
  }))
  return {
    columns: [t('data:columns.day'), t('data:columns.reviewer'), t('data:columns.decisions')],
    rows: throughput.map(({ day, reviewer, count, filter }) => ({ cells: [day, reviewer, count], filter })),
    option: stackOption(days, parts, 'columns'),
    rowAt: ({ index, series }) => at(days[index], series),
    categories: 'x'
  }
}

const most = (label: string | undefined): string => t('data:say.most', { label: label ?? '' })

/** The charts of the overview in their order, with what is said of each and what is missing where one is empty. */
export function chartsOf(overview: Overview): ChartOf[] {
  const { characters, heights, names, throughput, widths } = overview
  const status = statusSpec(overview)
  const table = t('data:say.table')
  const labels = t('data:empty.labels')
  const low = 148
  const high = 228
  const sizes = { note: t('data:charts.px'), summary: table, empty: t('data:empty.sizes'), height: low }
  return [
    {
      title: t('data:charts.status'),
      summary: most(String(status.rows[0]?.cells[0] ?? '')),
      empty: t('data:empty.title'),
      spec: status
    },
    {
      title: t('data:charts.confidence'),
      note: t('data:charts.confidenceNote'),
      summary: table,
      empty: t('data:empty.readings'),
      spec: confidenceSpec(overview)
    },
    {
      title: t('data:charts.throughput'),
      note: t('data:charts.throughputNote'),
      summary: t('data:say.days', { count: throughput.length }),
      empty: t('data:empty.decisions'),
      spec: throughputSpec(overview)
    },
    {
      title: t('data:charts.names'),
      summary: most(names[0]?.label),
      empty: labels,
      spec: namesSpec(overview),
      height: high
    },
    {
      title: t('data:charts.lengths'),
      note: t('data:charts.lengthsNote'),
      summary: table,
      empty: labels,
      spec: lengthsSpec(overview),
      height: high
    },
    {
      title: t('data:charts.characters'),
      summary: most(characters[0]?.label),
      empty: labels,
      spec: charactersSpec(overview),
      height: high
    },
    {
      title: t('data:charts.imported'),
      summary: table,
      empty: t('data:empty.imported'),
      spec: importedSpec(overview),
      height: low
    },
    { title: t('data:charts.widths'), ...sizes, spec: sizesSpec(widths, 'width') },
    { title: t('data:charts.heights'), ...sizes, spec: sizesSpec(heights, 'height') }
  ]
}
