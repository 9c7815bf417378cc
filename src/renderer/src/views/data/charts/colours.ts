/** The theme's colours as a chart needs them: resolved, since a drawing to save knows no CSS variables. */
const names = ['ink', 'muted', 'faint', 'line', 'accent', 'ok', 'doubt', 'bad', 'surface'] as const
export type ColourName = (typeof names)[number]
export type Colours = Readonly<Record<ColourName, string>> & { font: string }

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
