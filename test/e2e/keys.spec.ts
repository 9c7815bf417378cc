import { expect } from '@playwright/test'
import { callCore, test } from './app'
import { ReviewPage } from './pages/review'

test('a key is changed by keyboard, taken from another command, kept over a restart and given back', async ({
  app,
  page
}) => {
  await page.goto(app.url)
  await page.getByRole('button', { name: /Try the sample/ }).click()
  let review = new ReviewPage(page)
  await expect(review.text).toBeVisible({ timeout: 60_000 })
  const dialog = page.getByRole('dialog')
  const line = (title: string) => dialog.getByRole('button', { name: new RegExp(`^${title}:`) })

  await review.press('F1')
  await page.keyboard.type('illegible')
  await review.press('ArrowDown')
  await expect(line('Illegible')).toBeFocused()
  await review.press('Enter')
  await review.press('q')
  await expect(dialog.getByRole('alert')).toContainText('types a character')
  await review.press('Alt+b')
  await expect(dialog).toContainText('Alt B is already “Blank: nothing is written here” (Review).')
  await expect(dialog.getByRole('button', { name: 'Give it to “Illegible”' })).toBeFocused()
  await review.press('Enter')
  await expect(line('Illegible')).toHaveAccessibleName(/Alt B/)
  await expect(line('Illegible')).toBeFocused()
  await review.press('Escape')
  await review.expectFocus()
  await expect(page.getByRole('contentinfo')).toContainText('Alt B illegible')

  const file = await review.file()
  await review.andGoOn(() => review.press('Alt+b'))
  await review.press('ArrowUp')
  await expect.poll(() => review.file()).toBe(file)
  await expect(page.locator('#review-said')).toContainText('Illegible')

  // The window knows its keys at once; the core only after the crops that were asked for before.
  await expect
    .poll(() => callCore<{ keys: object }>(page, 'app.preferences', {}).then(({ keys }) => keys))
    .toMatchObject({ 'review.illegible': ['Alt+B'] })
  await app.killAndRestart()
  await page.goto(app.url)
  await page
    .getByRole('button', { name: /^Sample/ })
    .first()
    .click()
  review = new ReviewPage(page)
  await expect(page.getByRole('contentinfo')).toContainText('Alt B illegible')
  await review.press('F1')
  await dialog.getByRole('button', { name: 'All keys as they were' }).focus()
  await review.press('Enter')
  await expect(line('Illegible')).toHaveAccessibleName(/Alt X/)
})
