/** The charts of how readers do on decided fields. */
import type { Output } from '../../../../../shared/contract'
import type { Interval } from '../../../../../shared/contract/quality'
import { t } from '../../../i18n'
import { base, barsOption, categoryAxis, pointsSeries, stackOption, valueAxis, whiskers } from '../charts/options'
import type { ChartSpec } from '../charts/spec'
import type { On } from '../kept.svelte'
import { integer, points, share, shareInterval } from '../numbers'

export type Scores = Output<'dataset.scores'>['models']
export type Errors = Output<'dataset.errors'>
export type Comparison = Output<'dataset.compare'>
type Measure = 'exact' | 'characterErrorRate' | 'wordErrorRate'

/** What a model, or one of its periods, was measured to do. */
type Scored = { name: string; fields: number } & { [M in Measure]?: Interval | null }

/** One measure of every model as a point on its 95 % interval. */
export function scoresSpec(models: readonly Scored[], measure: Measure, on: On): ChartSpec {
  const scored = models.flatMap((model) => {
    const interval = model[measure]
    return interval ? [{ ...model, interval }] : []
  })
  const percent = (value: number): string => share(value, 2)
  return {
    columns: [
      t('data:columns.model'),
      t(`data:measure.${measure}`),
      t('data:columns.low'),
      t('data:columns.high'),
      t('data:columns.fields')
    ],
    rows: scored.map(({ name, interval: { value, low, high }, fields }) => ({
      cells: [name, value, low, high, fields],
      // The fields of a sample that are decided are no queue: it holds those that wait.
      ...(on === 'decided' && { filter: { status: 'decided' as const } })
    })),
    formats: { 1: percent, 2: percent, 3: percent },
    categories: 'none',
    option: (colours) => {
      const common = base(colours, (index) => {
        const model = scored[index]
        return model && [model.name, shareInterval(model.interval)]
      })
      return {
        ...common,
        grid: { ...common.grid, top: 4, right: 20 },
        xAxis: valueAxis(colours, {
          scale: true,
          axisLabel: { color: colours.muted, hideOverlap: true, formatter: (value: number) => share(value) }
        }),
        yAxis: categoryAxis(
          colours,
          scored.map(({ name }) => name),
          {
            inverse: true,
            axisLine: { show: false },
            axisLabel: { color: colours.ink, width: 140, overflow: 'truncate' }
          }
        ),
        series: [
          pointsSeries(
            colours,
            scored.map(({ interval }, index) => [interval.value, index]),
            {
              label: {
                show: true,
                position: 'top',
                color: colours.ink,
                formatter: ({ dataIndex }: { dataIndex: number }) => share(scored[dataIndex]?.interval.value ?? 0)
              }
            }
          ),
          whiskers(
            scored.map(({ interval }, index) => [index, interval.low, interval.high]),
            colours.accent,
            true
          )
        ]
      }
    }
  }
}

/** Of each class of characters, the share that was read as another, missed, or read where nothing is. */
export function classesSpec({ classes }: Errors): ChartSpec {
  const shown = classes.filter(({ characters, inserted }) => characters + inserted > 0)
  const rate = (count: number, characters: number): number => count / Math.max(1, characters)
  const percent = (value: number): string => share(value)
  const part = (name: 'replaced' | 'missed' | 'inserted', tone: 'doubt' | 'bad' | 'muted') => ({
    name: t(`data:errors.${name}`),
    tone,
    opacity: 0.75,
    values: shown.map((entry) => rate(entry[name], entry.characters))
  })
  return {
    columns: [
      t('data:columns.class'),
      t('data:columns.written'),
      t('data:errors.replaced'),
      t('data:errors.missed'),
      t('data:errors.inserted'),
      t('data:columns.rate')
    ],
    rows: shown.map(({ class: of, characters, replaced, missed, inserted, ids }) => ({
      cells: [
        t(`data:class.${of}`),
        characters,
        replaced,
        missed,
        inserted,
        rate(replaced + missed + inserted, characters)
      ],
      ids
    })),
    formats: { 5: percent },
    option: stackOption(
      shown.map(({ class: of }) => t(`data:class.${of}`)),
      [part('replaced', 'doubt'), part('missed', 'bad'), part('inserted', 'muted')],
      'bars',
      percent
    ),
    categories: 'y'
  }
}

/** Two readers on the same fields: who is right where. */
export function comparisonSpec(comparison: Comparison, a: string, b: string): ChartSpec {
  const { bothRight, onlyA, onlyB, bothWrong, ids } = comparison
  const entries = [
    { label: t('data:compare.bothRight'), value: bothRight, tone: 'ok' as const, ids: [] },
    { label: t('data:compare.only', { name: a }), value: onlyA, ids: ids.onlyA },
    { label: t('data:compare.only', { name: b }), value: onlyB, ids: ids.onlyB },
    { label: t('data:compare.bothWrong'), value: bothWrong, tone: 'doubt' as const, ids: ids.bothWrong }
  ]
  return {
    columns: [t('data:columns.outcome'), t('data:columns.fields')],
    rows:
      comparison.fields === 0
        ? []
        : entries.map(({ label, value, ids: some }) => ({ cells: [label, value], ids: some })),
    option: barsOption(entries),
    categories: 'y'
  }
}

/** `B reads 2.1 points more fields exactly right (0.4 to 3.9): more than chance …`. */
export function comparisonWords({ exact, probability }: Comparison, a: string, b: string): string {
  if (!exact || probability === null) return ''
  const difference = t('data:compare.difference', {
    a,
    b,
    points: points(exact.value),
    low: points(exact.low),
    high: points(exact.high)
  })
  const chance = probability < 0.001 ? `< ${share(0.001)}` : share(probability)
  return `${difference} ${t(probability < 0.05 ? 'data:compare.real' : 'data:compare.chance', { share: chance })}`
}

export const modelOptions = (models: Scores): { value: number; title: string }[] =>
  models.map(({ model, name }) => ({ value: model, title: name }))

export const scoreWords = (name: string, interval: Interval | null): string =>
  interval ? `${name}: ${shareInterval(interval)}` : name

export const fieldsWords = (fields: number): string => t('data:measuredOn', { count: fields, fields: integer(fields) })

/** What the figures leave out, and of which readers nobody knows what they were trained on. */
export function trainingWords(
  measured: readonly { name: string; leftOut: number; trainingKnown: boolean }[]
): string[] {
  const leftOut = Math.max(0, ...measured.map((one) => one.leftOut))
  const unknown = measured.filter(({ trainingKnown }) => !trainingKnown).map(({ name }) => name)
  return [
    ...(leftOut > 0 ? [t('data:measures.leftOut', { count: leftOut })] : []),
    ...(unknown.length ? [t('data:measures.unknown', { names: unknown.join(', ') })] : [])
  ]
}
