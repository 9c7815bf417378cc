/** Saves a chart where the browser or the system puts downloads. */
import { saveBlob } from '../../../lib/save'
import type { EChartsCoreOption } from 'echarts/core'
import type { Colours } from './colours'
import { toCsv } from './csv'
import type { ChartSpec } from './spec'

export type Format = 'png' | 'svg' | 'csv'

export interface Saved {
  spec: ChartSpec
  title: string
  colours: Colours
  /** Of the drawing on the screen, px. */
  width: number
  height: number
}

const titleHeight = 36

export async function save(format: Format, file: string, saved: Saved): Promise<void> {
  const blob = format === 'csv' ? csvOf(saved.spec) : await pictureOf(format, saved)
  if (!blob) throw new Error('This browser could not make the picture.')
  saveBlob(blob, `${file}.${format}`)
}

const csvOf = ({ columns, rows }: ChartSpec): Blob =>
  new Blob(
    [
      toCsv(
        columns,
        rows.map(({ cells }) => cells)
      )
    ],
    { type: 'text/csv;charset=utf-8' }
  )

async function pictureOf(format: 'png' | 'svg', { spec, title, colours, width, height }: Saved): Promise<Blob | null> {
  const { pngOf, svgOf } = await import('./engine')
  const picture = { option: framed(spec.option(colours), title, colours), width, height: height + titleHeight }
  return format === 'svg' ? svgOf(picture) : pngOf(picture)
}

/** Outside the app a picture needs its title and its paper. */
function framed(option: EChartsCoreOption, title: string, colours: Colours): EChartsCoreOption {
  const grid = (option.grid ?? {}) as { top?: number }
  const legend = option.legend as { top?: number } | undefined
  return {
    ...option,
    backgroundColor: colours.surface,
    title: {
      text: title,
      left: 8,
      top: 8,
      textStyle: { color: colours.ink, fontSize: 14, fontWeight: 600, fontFamily: colours.font }
    },
    grid: { ...grid, top: (grid.top ?? 0) + titleHeight },
    ...(legend && { legend: { ...legend, top: (legend.top ?? 0) + titleHeight } })
  }
}
