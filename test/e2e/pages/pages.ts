/** The pages, one page and the template editor, as a person at the keyboard sees them. */
import { expect, type Locator, type Page } from '@playwright/test'

export class PagesPage {
  readonly wall: Locator
  /** The fields of the page that is shown. */
  readonly fields: Locator
  readonly canvas: Locator

  constructor(readonly page: Page) {
    this.wall = page.getByRole('listbox', { name: 'Pages', exact: true })
    this.fields = page.getByRole('listbox', { name: 'Fields on this page' })
    this.canvas = page.getByRole('listbox', { name: 'Fields of the template' })
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Pages' }).click()
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  tile(file: string): Locator {
    return this.wall.getByRole('option', { name: new RegExp(`^${file}`) })
  }

  /** The option that the keys act on. */
  async active(list: Locator): Promise<Locator> {
    const id = await list.getAttribute('aria-activedescendant')
    return this.page.locator(`[id="${id}"]`)
  }

  /** Imports a folder of whole forms into a new project. */
  async importForms(folder: string): Promise<void> {
    const { page } = this
    await page.getByRole('button', { name: /New project from a folder/ }).click()
    await expect(page.getByRole('listbox', { name: /^Folders in/ })).toBeVisible()
    await page.getByRole('textbox', { name: 'Path of the folder' }).fill(folder)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Choose “cards”' }).click()
    const dialog = page.getByRole('dialog', { name: 'New project' })
    await dialog.getByRole('radio', { name: 'Whole forms' }).check({ force: true })
    await dialog.getByRole('button', { name: 'Import and read' }).click()
    await expect(page.getByRole('region', { name: /^Pages/ })).toContainText('5pages', { timeout: 60_000 })
  }

  /** A template of the first page: the printed boxes are taken and named, by keyboard alone. */
  async makeTemplate(name: string, fields: string[]): Promise<void> {
    await this.press('Home', 'n')
    await expect(this.page.getByRole('dialog', { name: 'New template' }).getByLabel('Name')).toBeFocused()
    await this.page.keyboard.type(name)
    await this.press('Enter')
    await expect(this.canvas).toBeFocused({ timeout: 60_000 })
    await expect(this.page.getByRole('button', { name: /^Take \d+ box/ })).toBeVisible({ timeout: 60_000 })
    await this.press('p')
    // A name goes on to the next field that has none.
    for (const field of fields) {
      await this.press('Enter')
      await expect(this.page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused()
      await this.page.keyboard.type(field)
      await this.press('Enter')
      await expect(this.canvas).toBeFocused()
    }
  }
}
