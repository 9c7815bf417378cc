/** The list view, as a person at the keyboard sees it. */
import { expect, type Locator, type Page } from '@playwright/test'

export class ListPage {
  readonly grid: Locator
  /** The selected rows, among those in view. */
  readonly selected: Locator

  constructor(readonly page: Page) {
    this.grid = page.getByRole('grid', { name: 'Fields' })
    this.selected = this.grid.getByRole('row', { selected: true })
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'List' }).click()
    await expect(this.grid).toBeFocused()
    // A person presses keys once there are rows.
    await expect(this.grid.getByRole('gridcell').first()).toBeVisible()
  }

  /** The row at a place, the first being 1. */
  row(place: number): Locator {
    return this.grid.locator(`[role=row][aria-rowindex="${place + 1}"]`)
  }

  /** The row that the keys act on. */
  async active(): Promise<Locator> {
    await expect(this.grid).toHaveAttribute('aria-activedescendant', /./)
    const id = await this.grid.getAttribute('aria-activedescendant')
    return this.page.locator(`[id="${id}"]`)
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  said(text: string | RegExp): Locator {
    return this.page.locator('.toast', { hasText: text })
  }
}
