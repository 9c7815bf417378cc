/** How charts are drawn: calm columns, bars and intervals in the theme's colours. Nothing moves by itself. */
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts'
import type { EChartsCoreOption } from 'echarts/core'
import { integer } from '../numbers'
import { tint, type ColourName, type Colours } from './colours'

type Axis = Record<string, unknown>
const writeInteger = (value: number): string => integer(value)

interface Hit {
  dataIndex: number
  seriesIndex: number
}

/**
 * What all charts have.
 * @param linesOf the hint, by the place of what is pointed at and of its series
 * @param trigger a point, or a whole category
 */
export function base(
  colours: Colours,
  linesOf: (index: number, series: number) => readonly string[] | null | undefined,
  trigger: 'axis' | 'item' = 'axis'
): EChartsCoreOption & { grid: Axis } {
  const formatter = (hits: Hit | Hit[]): HTMLElement | string => {
    const hit = Array.isArray(hits) ? hits[0] : hits
    const lines = hit && linesOf(hit.dataIndex, hit.seriesIndex)
    return lines ? hintNode(lines) : ''
  }
  return {
    animation: false,
    textStyle: { fontFamily: colours.font, color: colours.muted, fontSize: 12 },
    grid: { left: 4, right: 12, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'all' },
    tooltip: { ...tooltip(colours), trigger, formatter }
  }
}

/** `lines` are put in as text: what is written on a form is never markup. */
const hintNode = (lines: readonly string[]): HTMLElement => {
  const node = document.createElement('div')
  for (const line of lines) node.appendChild(document.createElement('div')).textContent = line
  return node
}

const tooltip = (colours: Colours): Record<string, unknown> => ({
  confine: true,
  transitionDuration: 0,
  backgroundColor: colours.surface,
  borderColor: colours.line,
  padding: [6, 10],
  textStyle: { color: colours.ink, fontSize: 12, fontFamily: colours.font },
  axisPointer: { type: 'shadow', shadowStyle: { color: colours.faint, opacity: 0.12 } }
})

export const categoryAxis = (colours: Colours, data: readonly string[], more: Axis = {}): Axis => ({
  type: 'category',
  data,
  axisLine: { lineStyle: { color: colours.line } },
  axisTick: { show: false },
  axisLabel: { color: colours.muted, hideOverlap: true },
  nameTextStyle: { color: colours.muted },
  ...more
})

export const valueAxis = (colours: Colours, more: Axis = {}): Axis => ({
  type: 'value',
  splitNumber: 3,
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { color: colours.muted, formatter: writeInteger, hideOverlap: true },
  splitLine: { lineStyle: { color: colours.line } },
  ...more
})

/** A value axis that says what it is: under it, or over it where it is upright. */
export const namedAxis = (colours: Colours, name: string, more: Axis = {}): Axis =>
  valueAxis(colours, {
    name,
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: { color: colours.muted },
    ...more
  })
export const namedUpright = (colours: Colours, name: string, more: Axis = {}): Axis =>
  valueAxis(colours, { name, nameTextStyle: { color: colours.muted, align: 'left' }, ...more })

/** Points, with no line between them unless `more` has one. */
export const pointsSeries = (
  colours: Colours,
  data: readonly unknown[],
  more: Record<string, unknown> = {}
): object => ({
  type: 'line',
  z: 3,
  symbol: 'circle',
  symbolSize: 9,
  showSymbol: true,
  lineStyle: { opacity: 0 },
  itemStyle: { color: colours.accent },
  data,
  ...more
})

/** A line that nobody can point at. */
export const ruleSeries = (
  data: readonly (readonly number[])[],
  lineStyle: Record<string, unknown>,
  z = 2
): object => ({
  type: 'line',
  symbol: 'none',
  silent: true,
  z,
  data,
  lineStyle: { width: 1, ...lineStyle }
})

export interface Bar {
  label: string
  value: number
  tone?: ColourName
  /** Lines of the hint; label and value where none is given. */
  hint?: readonly string[]
}

const barOf = ({ value, tone }: Bar, colours: Colours): Record<string, unknown> => ({
  value,
  itemStyle: { color: tint(colours, tone ?? 'accent', tone ? 0.85 : 0.45) }
})

const barBase = (bars: readonly Bar[], colours: Colours): ReturnType<typeof base> =>
  base(colours, (index) => {
    const bar = bars[index]
    return bar && (bar.hint ?? [bar.label, integer(bar.value)])
  })

/** Columns side by side, as a histogram. */
export const columnsOption =
  (bars: readonly Bar[]) =>
  (colours: Colours): EChartsCoreOption => ({
    ...barBase(bars, colours),
    xAxis: categoryAxis(
      colours,
      bars.map(({ label }) => label)
    ),
    yAxis: valueAxis(colours, { minInterval: 1 }),
    series: [
      {
        type: 'bar',
        barCategoryGap: '14%',
        barMaxWidth: 56,
        itemStyle: { borderRadius: [2, 2, 0, 0] },
        data: bars.map((bar) => barOf(bar, colours))
      }
    ]
  })

/** Bars one under the other with their figures at their ends, the first at the top. */
export const barsOption =
  (bars: readonly Bar[]) =>
  (colours: Colours): EChartsCoreOption => {
    const common = barBase(bars, colours)
    return {
      ...common,
      grid: { ...common.grid, top: 0, bottom: 0, right: 56 },
      xAxis: valueAxis(colours, { show: false }),
      yAxis: categoryAxis(
        colours,
        bars.map(({ label }) => label),
        {
          inverse: true,
          axisLine: { show: false },
          axisLabel: { color: colours.ink, width: 150, overflow: 'truncate', interval: 0 }
        }
      ),
      series: [
        {
          type: 'bar',
          barCategoryGap: '28%',
          barMaxWidth: 18,
          itemStyle: { borderRadius: 2 },
          label: {
            show: true,
            position: 'right',
            color: colours.muted,
            formatter: ({ value }: { value: number }) => integer(value)
          },
          data: bars.map((bar) => barOf(bar, colours))
        }
      ]
    }
  }

export interface StackPart {
  name: string
  tone: ColourName
  opacity: number
  /** One for each category. */
  values: readonly number[]
}

/** Parts upon or beside each other, with a legend. */
export const stackOption =
  (labels: readonly string[], parts: readonly StackPart[], direction: 'columns' | 'bars', write = writeInteger) =>
  (colours: Colours): EChartsCoreOption => {
    const common = base(colours, (index) => [
      labels[index] ?? '',
      ...parts
        .filter(({ values: of }) => of[index] !== 0)
        .map(({ name, values: of }) => `${name}: ${write(of[index]!)}`)
    ])
    const upright = direction === 'columns'
    const categories = categoryAxis(colours, labels, upright ? {} : { inverse: true, axisLine: { show: false } })
    const values = valueAxis(colours, { axisLabel: { color: colours.muted, formatter: write, hideOverlap: true } })
    return {
      ...common,
      grid: { ...common.grid, top: 36 },
      legend: {
        top: 0,
        left: 0,
        type: 'plain',
        icon: 'roundRect',
        itemWidth: 10,
        itemHeight: 10,
        selectedMode: false,
        textStyle: { color: colours.muted, fontSize: 12 }
      },
      xAxis: upright ? categories : values,
      yAxis: upright ? values : categories,
      series: parts.map(({ name, tone, opacity, values: of }) => ({
        type: 'bar',
        name,
        stack: 'all',
        barMaxWidth: upright ? 36 : 16,
        itemStyle: { color: tint(colours, tone, opacity) },
        data: of
      }))
    }
  }

/** A series that draws `[place, low, high]` as a line with ends, upright or level. */
export const whiskers = (data: readonly (readonly number[])[], colour: string, level: boolean): object => ({
  type: 'custom',
  silent: true,
  z: 1,
  encode: level ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
  data,
  renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
    const at = (index: number): number[] =>
      level ? api.coord([api.value(index), api.value(0)]) : api.coord([api.value(0), api.value(index)])
    const [from, to] = [at(1), at(2)]
    const line = (x1: number, y1: number, x2: number, y2: number): object => ({
      type: 'line',
      shape: { x1, y1, x2, y2 },
      style: { stroke: colour, lineWidth: 1.5 }
    })
    const end = (point: number[]): object =>
      level
        ? line(point[0]!, point[1]! - 4, point[0]!, point[1]! + 4)
        : line(point[0]! - 4, point[1]!, point[0]! + 4, point[1]!)
    return { type: 'group', children: [line(from[0]!, from[1]!, to[0]!, to[1]!), end(from), end(to)] }
  }
})
