import { expect, type Locator, type Page } from '@playwright/test'

/** The review view, driven by keyboard alone. */
export class ReviewPage {
  readonly text: Locator
  readonly region: Locator

  constructor(readonly page: Page) {
    this.region = page.getByRole('region', { name: 'Review' })
    this.text = page.getByRole('textbox', { name: /^Reading of / })
  }

  /** File name of the field that is shown. */
  async file(): Promise<string> {
    const label = await this.text.getAttribute('aria-label')
    return label!.replace(/^Reading of /, '')
  }

  async expectFocus(): Promise<void> {
    await expect(this.text).toBeFocused()
  }

  /** Does something that ends this field and waits until another one is shown. */
  async andGoOn(act: () => Promise<void>): Promise<void> {
    const before = await this.file()
    await act()
    await expect
      .poll(async () => ((await this.text.count()) ? await this.file() : 'finished'), { timeout: 10_000 })
      .not.toBe(before)
  }

  async write(text: string): Promise<void> {
    await this.page.keyboard.press('Control+a')
    await this.page.keyboard.type(text)
    await expect(this.text).toHaveValue(text)
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key)
  }

  async orderBy(name: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Order' }).selectOption({ label: name })
  }

  /** The count in the foot: how many are decided. */
  async expectDone(done: number, total: number): Promise<void> {
    await expect(this.page.getByRole('contentinfo')).toContainText(`${done} of ${total}`)
  }
}
