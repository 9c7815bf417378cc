/** Widths of characters in the reading's font, measured once each. */
const family = "'Atkinson Hyperlegible Next Variable', system-ui, sans-serif"
const measured = 100
let context: CanvasRenderingContext2D | null = null
let widths = new Map<string, number>()

/** To be called when the font has come: what was measured with another is forgotten. */
export function forgetWidths(): void {
  widths = new Map()
}

/** Width in px of a character at a font size in px, weight 600. */
export function textWidth(text: string, fontSize: number): number {
  let width = widths.get(text)
  if (width === undefined) {
    context ??= document.createElement('canvas').getContext('2d')
    if (context) context.font = `600 ${measured}px ${family}`
    width = context?.measureText(text).width ?? measured * 0.6
    widths.set(text, width)
  }
  return (width * fontSize) / measured
}
