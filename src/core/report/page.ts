/** The report as one HTML file that needs nothing else: to be opened, printed or sent. */
import { wordStates } from '../../shared/states'
import type { ReportLanguage } from '../../shared/contract/export'
import type { Interval } from '../../shared/contract/quality'
import type { Example } from './examples'
import type { Figures } from './figures'
import { wordsOf } from './words'

export interface ReportInput {
  name: string
  at: Date
  language: ReportLanguage
  masked: boolean
  figures: Figures
  examples: Example[]
}

const style = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 15px/1.5 "Atkinson Hyperlegible Next", system-ui, sans-serif; color: #1c1a17; background: #fff; max-width: 760px; margin: 0 auto; padding: 40px 24px; }
h1 { font-size: 28px; line-height: 34px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 32px 0 8px; break-after: avoid; }
p { margin: 0 0 8px; max-width: 66ch; }
.muted { color: #5f5b53; }
dl { display: grid; grid-template-columns: repeat(3, 1fr); gap: 16px; margin: 12px 0; }
dl div { display: flex; flex-direction: column-reverse; }
dt { color: #5f5b53; }
dd { margin: 0; font-size: 26px; line-height: 32px; font-weight: 600; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; margin-top: 12px; }
th { text-align: left; font-weight: 600; color: #5f5b53; font-size: 13px; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid #e4e0d7; vertical-align: middle; }
td { font-size: 17px; overflow-wrap: anywhere; }
tr { break-inside: avoid; }
td img { display: block; height: 36px; max-width: 260px; object-fit: contain; object-position: left; }
.changed { font-weight: 600; }
.small { font-size: 13px; }
@media print { body { padding: 0; max-width: none; } @page { margin: 20mm; } }
`

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!)

export function reportPage({ name, at, language, masked, figures, examples }: ReportInput): string {
  const { say, count, share, date } = wordsOf(language)
  const p = (text: string, kind = ''): string => `<p${kind && ` class="${kind}"`}>${escaped(text)}</p>`
  const interval = ({ value, low, high }: Interval): Record<string, string> => ({
    value: share(value),
    low: share(low),
    high: share(high)
  })
  const number = (value: number, words: string): string =>
    `<div><dt>${escaped(words)}</dt><dd>${count(value)}</dd></div>`
  const { reader, rules, imported } = figures
  const without = new Intl.ListFormat(language, { type: 'conjunction' }).format(
    wordStates.map((state) => say(state, { count: count(figures.without[state]) }))
  )

  const many = [
    number(figures.files, say('files')),
    number(figures.fields, say('fields')),
    number(figures.byPerson, say('byPerson')),
    number(figures.byRule, say('byRule')),
    number(figures.undecided, say('undecided')),
    number(figures.failed, say('failed'))
  ]
  const sure = [
    ...(figures.byPerson ? [p(say('byHand', { count: count(figures.byPerson) }))] : []),
    ...rules.flatMap(({ accepted, right, checked, wrong, audited }) => [
      p(
        `${say('rule', { count: count(accepted), ...interval(right) })} ${
          audited ? say('audited', { checked: count(checked), wrong: count(wrong) }) : say('sampled')
        }`
      )
    ]),
    reader
      ? p(
          say(reader.drawn ? 'drawn' : 'notDrawn', {
            name: reader.name,
            checked: count(reader.checked),
            ...interval(reader.right)
          })
        )
      : p(say('nothing'))
  ]
  const change = imported.decided
    ? say('changed', {
        decided: count(imported.decided),
        changed: count(imported.changed),
        share: share(imported.changed / imported.decided)
      })
    : say('unlabelled')
  const withWho = examples.some(({ reviewer }) => reviewer !== '')
  const row = ({ crop, before, after, reviewer }: Example): string =>
    `<tr><td>${crop ? `<img src="${crop}" alt="">` : '—'}</td><td>${escaped(before) || '—'}</td><td${
      before === after ? '' : ' class="changed"'
    }>${escaped(after)}</td>${withWho ? `<td class="small">${escaped(reviewer)}</td>` : ''}</tr>`
  const head = [say('crop'), say('before'), say('after'), ...(withWho ? [say('who')] : [])]
  const table = `<table><thead><tr>${head.map((title) => `<th scope="col">${escaped(title)}</th>`).join('')}</tr></thead><tbody>
${examples.map(row).join('\n')}
</tbody></table>`

  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escaped(`${name}: ${say('title')}`)}</title><style>${style}</style></head><body>
<h1>${escaped(name)}</h1>
${p(`${say('title')}. ${say('made', { at: date(at) })}.`, 'muted')}
<h2>${escaped(say('many'))}</h2>
<dl>${many.join('')}</dl>
${p(say('without', { list: without }))}
<h2>${escaped(say('sure'))}</h2>
${sure.join('\n')}
<h2>${escaped(say('change'))}</h2>
${p(change)}
<h2>${escaped(say('examples'))}</h2>
${examples.length ? p(say('drawnHow'), 'muted') + table : p(say('none'))}
${masked ? p(say('masked'), 'muted small') : ''}
</body></html>
`
}
