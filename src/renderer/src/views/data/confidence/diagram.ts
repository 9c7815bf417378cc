/** The reliability diagram: how often the reader is right against how sure it is, and what its figures say in words. */
import type { CalibrationState, Reliability } from '../../../../../shared/contract/quality'
import { t } from '../../../i18n'
import { base, tooltipNode, valueAxis, whiskers } from '../charts/options'
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
      const common = base(colours)
      const axis = {
        min: 0,
        max: 1,
        interval: 0.25,
        axisLabel: { color: colours.muted, formatter: (value: number) => share(value, 0) },
        nameTextStyle: { color: colours.muted }
      }
      return {
        ...common,
        tooltip: {
          ...(common.tooltip as object),
          trigger: 'item',
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const bin = bins[dataIndex]
            return bin
              ? tooltipNode([
                  t('data:confidence.said', { share: share(bin.confidence) }),
                  t('data:confidence.was', { share: shareInterval(bin.accuracy) }),
                  t('data:fields', { count: bin.fields })
                ])
              : ''
          }
        },
        xAxis: valueAxis(colours, {
          ...axis,
          name: t('data:confidence.axisSaid'),
          nameLocation: 'middle',
          nameGap: 28
        }),
        yAxis: valueAxis(colours, {
          ...axis,
          name: t('data:confidence.axisWas'),
          nameTextStyle: { color: colours.muted, align: 'left' }
        }),
        series: [
          {
            type: 'line',
            z: 3,
            symbol: 'circle',
            symbolSize: 9,
            showSymbol: true,
            lineStyle: { opacity: 0 },
            itemStyle: { color: colours.accent },
            data: bins.map(({ confidence, accuracy }) => [confidence, accuracy.value])
          },
          whiskers(
            bins.map(({ confidence, accuracy }) => [confidence, accuracy.low, accuracy.high]),
            colours.accent,
            false
          ),
          {
            type: 'line',
            silent: true,
            symbol: 'none',
            z: 0,
            lineStyle: { color: colours.faint, type: 'dashed', width: 1 },
            data: [
              [0, 0],
              [1, 1]
            ]
          }
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
