/** A chart's figures as a table to save: RFC 4180, UTF-8, numbers as they are. */
const quoted = (cell: string | number): string => {
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const toCsv = (columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [columns, ...rows].map((cells) => cells.map(quoted).join(',') + '\r\n').join('')
