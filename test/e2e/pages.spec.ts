import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { test } from './app'
import { writeFormPages } from './forms'
import { PagesPage } from './pages/pages'
import { ReviewPage } from './pages/review'

async function expectNothingSerious(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

test('a template from a page, pages laid on it, one mended by keyboard, a field in its page and back', async ({
  app,
  page
}) => {
  test.setTimeout(300_000)
  const pages = new PagesPage(page)
  await page.goto(app.url)
  await pages.importForms(await writeFormPages(join(app.folder, 'cards')))

  await pages.open()
  await expect(pages.wall).toBeFocused()
  await expect(pages.tile('card-1.jpg')).toHaveAccessibleName(/Unmatched/)
  await pages.makeTemplate('Member card', ['surname', 'first_name', 'street', 'town'])
  // What is not one of the four goes; undo brings it back, redo takes it again.
  const options = pages.canvas.getByRole('option')
  await pages.press('Escape', 'p')
  const all = await options.count()
  await pages.press('Delete')
  await expect(options).toHaveCount(all - 1)
  await pages.press('Control+z')
  await expect(options).toHaveCount(all)
  await pages.press('Control+Shift+z')
  while ((await options.count()) > 4) await pages.press('Delete')
  await expect(page.getByText('Ready to be used.')).toBeVisible()
  await expectNothingSerious(page, 'editor')
  await pages.press('Control+s')
  await page.getByRole('button', { name: 'Look at the pages' }).click()

  // Blank, filled and upside down are matched; the letter is not.
  for (const file of ['card-0-blank.jpg', 'card-1.jpg', 'card-2.jpg', 'card-3.jpg'])
    await expect(pages.tile(file)).toHaveAccessibleName(/Matched/, { timeout: 120_000 })
  await expect(pages.tile('letter.jpg')).toHaveAccessibleName(/Unmatched/, { timeout: 60_000 })
  await expectNothingSerious(page, 'wall')

  // The page with a problem: its corners are set by keyboard, and its fields are cut.
  await pages.wall.focus()
  await pages.press('p')
  await expect(pages.wall.getByRole('option')).toHaveCount(1)
  await pages.press('Enter')
  await expect(page.getByRole('heading', { name: 'letter.jpg' })).toBeVisible()
  await pages.press('c')
  const corner = page.getByRole('button', { name: /^Top left corner of the form/ })
  await expect(corner).toBeFocused()
  const before = await corner.getAttribute('aria-label')
  await pages.press('Shift+ArrowRight', 'ArrowDown')
  await expect(corner).not.toHaveAccessibleName(before!)
  await pages.press('Tab')
  await expect(page.getByRole('button', { name: /^Top right corner/ })).toBeFocused()
  await expectNothingSerious(page, 'corners')
  await pages.press('Enter')
  await expect(page.getByRole('complementary')).toContainText('Laid by hand', { timeout: 60_000 })
  await expect(pages.fields.getByRole('option')).toHaveCount(4)
  await pages.press('Escape')
  await expect(page.getByRole('heading', { name: 'No page has a problem' })).toBeVisible()
  await page.getByRole('button', { name: 'Show all pages' }).click()

  // A field of a page in the review, the field in its page, and back.
  await expect(pages.wall).toBeFocused()
  await pages.press('Home', 'ArrowRight', 'Enter')
  await expect(page.getByRole('heading', { name: 'card-1.jpg' })).toBeVisible()
  await expect(pages.fields).toBeFocused()
  await pages.press('ArrowDown')
  await expect(await pages.active(pages.fields)).toHaveAccessibleName(/^first_name/)
  await expectNothingSerious(page, 'page')
  await pages.press('Enter')
  const review = new ReviewPage(page)
  await review.expectFocus()
  expect(await review.file()).toContain('card-1.jpg')
  await expect(page.getByRole('complementary', { name: 'About this field' })).toContainText('first_name')
  await pages.press('Alt+g')
  await expect(page.getByRole('dialog', { name: /^first_name on page 1 of card-1/ })).toBeVisible()
  await pages.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await review.expectFocus()
  await pages.press('Alt+b')
  await pages.open()
  await expect(pages.fields.getByRole('option', { name: /^first_name.*blank/ })).toBeVisible()
})
