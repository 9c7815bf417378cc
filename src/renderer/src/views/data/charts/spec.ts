/** What a chart says, apart from how it is drawn: its table, and the way down from each row. */
import type { EChartsCoreOption } from 'echarts/core'
import type { Filter } from '../../../../../shared/domain'
import type { Colours } from './colours'

export interface ChartRow {
  /** As many as there are columns; the first names the row. Numbers are raw: see `formats`. */
  cells: readonly (string | number)[]
  filter?: Filter
  ids?: readonly number[]
}

export interface Hit {
  /** Place on the category axis, or of the point. */
  index: number
  /** Name of the series that was hit, where one was. */
  series: string | null
}

export interface ChartSpec {
  columns: readonly string[]
  rows: readonly ChartRow[]
  /** How numbers of a column are written; whole numbers where nothing is said. */
  formats?: Readonly<Record<number, (value: number) => string>>
  option: (colours: Colours) => EChartsCoreOption
  /** Which row a press on the drawing means; the row of the same place where nothing is said. */
  rowAt?: (hit: Hit) => number
  /** Which axis has the categories; `none`: points are pressed. */
  categories: 'x' | 'y' | 'none'
}

/** A chart with what is said of it. */
export interface ChartOf {
  title: string
  /** A word on how to read it. */
  note?: string
  /** What a screen reader says of it. */
  summary: string
  /** What is missing where there is nothing to draw. */
  empty: string
  spec: ChartSpec
  /** px */
  height?: number
}
