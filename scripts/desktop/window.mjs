import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../lib/devtools.mjs'
import { until } from './app.mjs'

/** Views by the letter that goes there with Alt and Shift. */
export const views = { R: 'review', N: 'names', L: 'list', P: 'pages', D: 'data', T: 'team', I: 'import', G: 'learning', M: 'models', E: 'export' } // prettier-ignore

/** The window of a start, used as a person and the page itself would. */
export class Window {
  /** What its pages complained of. */
  faults = []

  /** @param start see `Desktop.start` */
  constructor(start, port) {
    Object.assign(this, { start, port })
  }

  async open() {
    this.page = await connect(this.port, 90, (fault) => this.faults.push(fault))
    await until('the page is there', () => this.page.evaluate('document.querySelector("nav.rail") !== null'))
    return this
  }

  /** @throws Error with the core's own words */
  async call(name, input = {}) {
    if (this.start.over) throw new Error(`${name}: the app has ended by itself with ${this.start.over}.`)
    const reply = await this.page.evaluate(`nomina.call(${JSON.stringify(name)}, ${JSON.stringify(input)})`)
    if (!reply?.ok) throw new Error(`${name}: ${JSON.stringify(reply)}`)
    return reply.value
  }

  idle = (seconds = 1200) =>
    until(
      'jobs end',
      async () => (await this.call('runs.current')).every(({ status }) => !['running', 'paused'].includes(status)),
      seconds,
      () => this.start.over !== null
    )

  /** The view that the window keeps as the one to come back to. */
  view = () => this.page.evaluate('JSON.parse(sessionStorage.getItem("nomina.place"))?.view')

  async go(letter) {
    const view = views[letter]
    await this.page.press(letter, { alt: true, shift: true })
    await until(`the view ${view}`, async () => (await this.view()) === view, 30)
    await sleep(500)
    const shown = await this.page.evaluate('document.querySelector("main")?.innerText.trim().length ?? 0')
    if (shown === 0) throw new Error(`The view ${view} is empty.`)
  }

  /** Ends the process of its page and waits for the window to come back. */
  async crash() {
    const before = await this.view()
    await this.page.crash()
    await this.open()
    await until('the view comes back', async () => (await this.view()) === before, 30)
    return before
  }
}
