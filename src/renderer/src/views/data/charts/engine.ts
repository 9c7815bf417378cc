/** The part of the chart library that is used; loaded only where a chart is shown. */
import { BarChart, CustomChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts, type EChartsCoreOption } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'

use([
  BarChart,
  CustomChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
  CanvasRenderer,
  SVGRenderer
])

export type { ECharts }

export const draw = (node: HTMLElement): ECharts => init(node, null, { renderer: 'svg' })

export interface Picture {
  option: EChartsCoreOption
  /** px */
  width: number
  height: number
}

export function svgOf({ option, width, height }: Picture): Blob {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption(option)
  const drawing = chart.renderToSVGString()
  chart.dispose()
  return new Blob([drawing], { type: 'image/svg+xml' })
}

/** Two picture points a px, for print. */
export function pngOf({ option, width, height }: Picture): Promise<Blob | null> {
  const chart = init(document.createElement('div'), null, { renderer: 'canvas', width, height, devicePixelRatio: 2 })
  chart.setOption(option)
  const canvas = chart.renderToCanvas({ pixelRatio: 2 })
  chart.dispose()
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}
