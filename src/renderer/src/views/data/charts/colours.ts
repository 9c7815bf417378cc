/** The theme's colours as a chart needs them: resolved, since a drawing to save knows no CSS variables. */
const names = ['ink', 'muted', 'faint', 'line', 'accent', 'ok', 'doubt', 'bad', 'surface'] as const
export type ColourName = (typeof names)[number]
export type Colours = Readonly<Record<ColourName, string>> & { font: string }

/** One colour laid thinly over the surface, 0 to 1: opaque, so that no line shows through it. */
export function tint(colours: Colours, name: ColourName, share: number): string {
  const [over, under] = [channels(colours[name]), channels(colours.surface)]
  const mixed = over.map((value, index) => Math.round(value * share + (under[index] ?? 255) * (1 - share)))
  return `rgb(${mixed.join(', ')})`
}

const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)

export function readColours(node: HTMLElement): Colours {
  const probe = document.createElement('span')
  probe.hidden = true
  node.append(probe)
  const resolved = names.map((name) => {
    probe.style.color = `var(--${name})`
    return [name, getComputedStyle(probe).color] as const
  })
  probe.remove()
  return { ...(Object.fromEntries(resolved) as Record<ColourName, string>), font: getComputedStyle(node).fontFamily }
}
