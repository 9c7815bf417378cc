/** The reliability diagram: how often the reader is right against how sure it is, and what its figures say in words. */
import type { CalibrationState, Reliability } from '../../../../../shared/contract/quality'
import { t } from '../../../i18n'
import { base, namedAxis, namedUpright, pointsSeries, ruleSeries, whiskers } from '../charts/options'
import type { ChartSpec } from '../charts/spec'
import { share, shareInterval } from '../numbers'

const percent = (value: number): string => share(value)

export function reliabilitySpec({ bins }: Reliability): ChartSpec {
  return {
    columns: [
      t('data:columns.confidence'),
      t('data:columns.accuracy'),
      t('data:columns.low'),
      t('data:columns.high'),
      t('data:columns.fields')
    ],
    rows: bins.map(({ confidence, accuracy, fields, filter }) => ({
      cells: [share(confidence), accuracy.value, accuracy.low, accuracy.high, fields],
      filter
    })),
    formats: { 1: percent, 2: percent, 3: percent },
    categories: 'none',
    option: (colours) => {
      const axis = {
        min: 0,
        max: 1,
        interval: 0.25,
        axisLabel: { color: colours.muted, formatter: (value: number) => share(value, 0) }
      }
      const hint = (index: number): string[] | undefined => {
        const bin = bins[index]
        return (
          bin && [
            t('data:confidence.said', { share: share(bin.confidence) }),
            t('data:confidence.was', { share: shareInterval(bin.accuracy) }),
            t('data:fields', { count: bin.fields })
          ]
        )
      }
      return {
        ...base(colours, hint, 'item'),
        xAxis: namedAxis(colours, t('data:confidence.axisSaid'), axis),
        yAxis: namedUpright(colours, t('data:confidence.axisWas'), axis),
        series: [
          pointsSeries(
            colours,
            bins.map(({ confidence, accuracy }) => [confidence, accuracy.value])
          ),
          whiskers(
            bins.map(({ confidence, accuracy }) => [confidence, accuracy.low, accuracy.high]),
            colours.accent,
            false
          ),
          ruleSeries(
            [
              [0, 0],
              [1, 1]
            ],
            { color: colours.faint, type: 'dashed' },
            0
          )
        ]
      }
    }
  }
}

/** What the diagram's figure says: whether the error is more than chance on so few fields. */
export function errorWords({ error, noise, fields }: Reliability): string {
  if (error === null || fields === 0) return t('data:confidence.unknown')
  const figure = t('data:confidence.error', { share: share(error), count: fields })
  if (noise === null) return figure
  const judged = error <= noise ? 'withinNoise' : error <= 0.02 ? 'small' : 'large'
  return `${figure} ${t(`data:confidence.${judged}`, { share: share(noise) })}`
}

/** Whether a fit can be asked for, and what speaks for it. */
export function fitWords({ source, decisions, needed, since, fittedOn }: CalibrationState): string {
  if (decisions < needed) return t('data:confidence.tooFew', { count: needed - decisions })
  if (source !== 'project') return t('data:confidence.canFit', { count: decisions })
  return since === 0
    ? t('data:confidence.upToDate', { count: fittedOn ?? 0 })
    : t('data:confidence.since', { count: since })
}
