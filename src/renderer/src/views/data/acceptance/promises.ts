/** The slider of promised accuracies, and what a promise means in words. */
import type { Output } from '../../../../../shared/contract'
import type { RuleState, SampleState } from '../../../../../shared/contract/quality'
import { t } from '../../../i18n'
import { base, namedAxis, namedUpright, pointsSeries, ruleSeries } from '../charts/options'
import type { ChartSpec } from '../charts/spec'
import type { By } from '../kept.svelte'
import { countInterval, integer, share, shareInterval } from '../numbers'

export type Curve = Output<'acceptance.curve'>

/** 95 % to 99.9 %, in finer steps where each matters more. */
export const promises: readonly number[] = [
  0.95, 0.955, 0.96, 0.965, 0.97, 0.975, 0.98, 0.985, 0.99, 0.991, 0.992, 0.993, 0.994, 0.995, 0.996, 0.997, 0.998,
  0.999
]

export function placeOf(promise: number): number {
  const distances = promises.map((other) => Math.abs(other - promise))
  return distances.indexOf(Math.min(...distances))
}

export const chosenPoint = ({ points, chosen }: Curve): Curve['points'][number] | null =>
  chosen === null ? null : (points[chosen] ?? null)

/** Sample fields drawn and not yet decided blind. */
export const waitingIn = (sample: Pick<SampleState, 'size' | 'decided'> | null): number =>
  sample ? Math.max(0, sample.size - sample.decided) : 0

/** How many more fields to draw: what is needed less what waits already; null where no number would do. */
export function toDraw({ moreNeeded }: Curve, sample: SampleState | null): number | null {
  if (moreNeeded === null) return null
  return Math.max(0, moreNeeded - (sample?.outdated ? 0 : waitingIn(sample)))
}

/** What stands between the project and this promise, or that nothing does. */
export function neededWords(curve: Curve, sample: SampleState | null, by: By): string {
  if (sample?.otherGeneration) return t('data:acceptance.otherGeneration')
  if (sample?.outdated) return t('data:acceptance.outdated')
  if (curve.moreNeeded === null) return t('data:acceptance.never')
  if (curve.moreNeeded === 0) return t(by === 'bound' ? 'data:acceptance.enough' : 'data:acceptance.enoughEstimate')
  return t('data:acceptance.more', { count: curve.moreNeeded })
}

/** The audit of a rule, in words. */
export function auditWords({ audit, promise, status }: RuleState): string {
  if (audit.accuracy === null) return t('data:acceptance.auditFresh', { count: audit.size })
  const seen = t('data:acceptance.auditSeen', {
    count: audit.decided,
    wrong: integer(audit.wrong),
    share: shareInterval(audit.accuracy)
  })
  if (status === 'broken') return seen
  return `${seen} ${t(audit.accuracy.low >= promise ? 'data:acceptance.auditKept' : 'data:acceptance.auditOpen')}`
}

/** From 100 % down to below the lowest figure, in at most four round steps. */
export function accuracyAxis(lowest: number): { min: number; max: number; interval: number } {
  const steps = [0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25]
  const interval = steps.find((step) => 1 - lowest <= 4 * step) ?? 0.25
  return { min: 1 - interval * Math.max(1, Math.ceil((1 - lowest) / interval - 1e-9)), max: 1, interval }
}

const percent = (value: number): string => share(value, 2)

/** Accuracy of what would be accepted, against how much that is; the promise is a level line. */
export function curveSpec({ points, chosen }: Curve, promise: number): ChartSpec {
  const known = points.flatMap((point) => (point.accuracy ? [{ ...point, accuracy: point.accuracy }] : []))
  const at = chosen === null ? -1 : known.findIndex(({ threshold }) => threshold === points[chosen]?.threshold)
  return {
    columns: [
      t('data:columns.threshold'),
      t('data:columns.accepted'),
      t('data:columns.remaining'),
      t('data:columns.accuracy'),
      t('data:columns.low'),
      t('data:columns.high'),
      t('data:columns.checked')
    ],
    rows: known.map(({ threshold, accepted, remaining, accuracy, sampled }) => ({
      cells: [percent(threshold), accepted, remaining, accuracy.value, accuracy.low, accuracy.high, sampled],
      filter: { status: 'undecided', minConfidence: threshold }
    })),
    formats: { 3: percent, 4: percent, 5: percent },
    categories: 'none',
    option: (colours) => {
      const lowest = Math.min(promise, ...known.map(({ accuracy }) => accuracy.low))
      const hint = (index: number): string[] | undefined => {
        const point = known[index]
        return (
          point && [
            t('data:acceptance.from', { share: percent(point.threshold) }),
            t('data:acceptance.accepts', { count: point.accepted }),
            t('data:acceptance.accuracy', { share: shareInterval(point.accuracy) })
          ]
        )
      }
      return {
        ...base(colours, hint, 'item'),
        xAxis: namedAxis(colours, t('data:acceptance.axisAccepted'), { min: 0 }),
        yAxis: namedUpright(colours, t('data:acceptance.axisAccuracy'), {
          ...accuracyAxis(lowest),
          axisLabel: { color: colours.muted, formatter: (value: number) => share(value) }
        }),
        series: [
          pointsSeries(
            colours,
            known.map(({ accepted, accuracy }, index) => ({
              value: [accepted, accuracy.value],
              symbolSize: index === at ? 13 : 7,
              itemStyle: { color: index === at ? colours.ok : colours.accent }
            })),
            { lineStyle: { color: colours.accent, width: 1.5 } }
          ),
          ruleSeries(
            known.map(({ accepted, accuracy }) => [accepted, accuracy.low]),
            { color: colours.accent, type: 'dotted', opacity: 0.8 }
          ),
          ruleSeries(
            [
              [0, promise],
              [Math.max(1, ...points.map(({ accepted }) => accepted)), promise]
            ],
            { color: colours.doubt, type: 'dashed' }
          )
        ]
      }
    }
  }
}

export const errorsWords = (errors: Curve['points'][number]['errors']): string => (errors ? countInterval(errors) : '–')
