/** XML as text: elements with attributes, escaped, indented. */

export type Attributes = Record<string, string | number | null>

/** Characters that XML 1.0 has no way to write. */
// eslint-disable-next-line no-control-regex -- these are meant
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;'
}

export const escaped = (text: string): string =>
  text.replace(unwritable, '').replace(/[&<>"\n\t]/g, (character) => entities[character]!)

/** Attributes that are null are left out; `content` is text, or elements. */
export function element(name: string, attributes: Attributes, content: string | string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('')
  if (typeof content === 'string') return `<${name}${written}>${escaped(content)}</${name}>`
  if (!content.length) return `<${name}${written}/>`
  return `<${name}${written}>\n${content.map(indented).join('\n')}\n</${name}>`
}

const indented = (text: string): string => text.replace(/^/gm, '  ')

export const document = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
