/** The curve of a project's generations: characters wrong, by how much was decided. */
import type { Generation } from '../../../../shared/contract/learning'
import { t } from '../../i18n'
import { base, namedAxis, namedUpright, pointsSeries, whiskers } from '../data/charts/options'
import type { ChartSpec } from '../data/charts/spec'
import { wrong } from './words'

interface Point {
  title: string
  decided: number
  cer: number
  /** Of the difference to what was in use before. */
  low: number
  high: number
  taken: boolean
}

/** From the reader as it is installed on. */
export function pointsOf(generations: readonly Generation[]): Point[] {
  const [first] = generations
  if (!first) return []
  const start = first.judges.before.cer
  return [
    { title: t('learning:curve.begin'), decided: 0, cer: start, low: start, high: start, taken: true },
    ...generations.map(({ number, decided, taken, judges: { before, after, difference } }) => ({
      title: t('learning:curve.point', { number }),
      decided,
      cer: after.cer,
      low: Math.max(0, before.cer + difference.cer[0]),
      high: before.cer + difference.cer[1],
      taken
    }))
  ]
}

const place = ({ decided, cer }: Point): [number, number] => [decided, cer * 100]

export function curveSpec(generations: readonly Generation[]): ChartSpec {
  const points = pointsOf(generations)
  const taken = points.filter((point) => point.taken)
  const kept = points.filter((point) => !point.taken)
  const figure = (value: number): string => wrong(value)
  return {
    columns: [
      t('learning:curve.generation'),
      t('learning:curve.decided'),
      t('learning:curve.after'),
      t('learning:curve.low'),
      t('learning:curve.high'),
      t('learning:curve.used')
    ],
    rows: points.map(({ title, decided, cer, low, high, taken: used }) => ({
      cells: [title, decided, cer, low, high, t(used ? 'learning:curve.yes' : 'learning:curve.no')]
    })),
    formats: { 2: figure, 3: figure, 4: figure },
    categories: 'none',
    option: (colours) => {
      const hint = (index: number, series: number): string[] | null => {
        const point = (series === 0 ? taken : kept)[index]
        if (!point) return null
        const lines = [point.title, t('learning:curve.wrong', { figure: wrong(point.cer) })]
        if (point.low !== point.high)
          lines.push(t('learning:curve.between', { low: wrong(point.low), high: wrong(point.high) }))
        return [...lines, t('learning:names', { count: point.decided })]
      }
      return {
        ...base(colours, hint, 'item'),
        xAxis: namedAxis(colours, t('learning:curve.x'), {
          min: 0,
          minInterval: 1,
          nameGap: 26,
          splitLine: { show: false },
          axisLine: { show: true, lineStyle: { color: colours.line } }
        }),
        yAxis: namedUpright(colours, t('learning:curve.y'), { min: 0 }),
        series: [
          pointsSeries(colours, taken.map(place), { lineStyle: { color: colours.accent, width: 2 } }),
          pointsSeries(colours, kept.map(place), {
            z: 2,
            symbolSize: 8,
            itemStyle: { color: colours.surface, borderColor: colours.faint, borderWidth: 2 }
          }),
          whiskers(
            taken.map(({ decided, low, high }) => [decided, low * 100, high * 100]),
            colours.accent,
            false
          ),
          whiskers(
            kept.map(({ decided, low, high }) => [decided, low * 100, high * 100]),
            colours.faint,
            false
          )
        ]
      }
    }
  }
}

export const curveSummary = (generations: readonly Generation[]): string => {
  const taken = pointsOf(generations).filter((point) => point.taken)
  return t('learning:curve.summary', {
    count: generations.length,
    from: wrong(taken[0]?.cer ?? 0),
    to: wrong(taken.at(-1)?.cer ?? 0)
  })
}
