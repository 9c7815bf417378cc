import { expect, type Locator, type Page } from '@playwright/test'

/** The grid by name, driven by keyboard alone. */
export class NamesPage {
  readonly grid: Locator

  constructor(readonly page: Page) {
    this.grid = page.getByRole('grid')
  }

  async open(): Promise<void> {
    // A click: the review takes the keyboard as it comes, and a key pressed then would be its own.
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Names' }).click()
  }

  /** Opened group: its name and how many fields it has. */
  async expectGroup(name: string, fields: number): Promise<void> {
    await expect(this.page.getByRole('heading', { name, exact: true, level: 2 })).toBeVisible()
    await expect(this.grid.getByRole('gridcell')).toHaveCount(fields)
  }

  /** The crop that has the focus: its place in the group. */
  async expectAt(place: number): Promise<void> {
    await expect(this.grid.getByRole('gridcell').nth(place - 1)).toBeFocused()
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve())
  }

  async expectDone(done: number, total: number): Promise<void> {
    await expect(this.page.getByRole('contentinfo')).toContainText(`${done} of ${total}`)
  }
}
