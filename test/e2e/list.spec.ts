import { expect } from '@playwright/test'
import { test } from './app'
import { ListPage } from './pages/list'

let list: ListPage
test.beforeEach(async ({ app, page }) => {
  await page.goto(app.url)
  await page.getByRole('button', { name: /Try the sample/ }).click()
  await expect(page.getByRole('textbox', { name: /^Reading of / })).toBeVisible({ timeout: 60_000 })
  list = new ListPage(page)
  await list.open()
})
test('many rows are decided and taken back with the keyboard alone', async () => {
  await list.press('ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown')
  await expect(list.selected).toHaveCount(3)
  await list.press('b')
  await expect(list.said('3 fields marked blank.')).toBeVisible()
  for (const place of [2, 3, 4]) await expect(list.row(place)).toContainText('Blank')
  await list.press('Control+z')
  await expect(list.said('Undone for 3 fields.')).toBeVisible()
  // The message whose Undo would now take back something else is gone.
  await expect(list.said('3 fields marked blank.')).toHaveCount(0)
  for (const place of [2, 3, 4]) await expect(list.row(place)).toContainText('Undecided')

  await list.press('Control+a')
  await expect(list.page.getByRole('toolbar', { name: 'Selected rows' })).toContainText('68 selected')
  await list.press('Escape')
  await expect(list.selected).toHaveCount(0)

  await list.press('Delete')
  await expect(list.page.getByRole('dialog')).toContainText('none of them is decided')
  await list.page.getByRole('button', { name: 'Take 1 file out' }).click()
  await expect(list.grid).toHaveAttribute('aria-rowcount', '68')
  await list.said('1 file is taken out.').getByRole('button', { name: 'Undo' }).click()
  await expect(list.said('1 file is back.')).toBeVisible()
})

test('a row opens in the review, and the list goes on where the review is', async ({ page }) => {
  await list.press('End')
  await expect(await list.active()).toContainText(/field-\d+\.jpg/)
  const name = await (await list.active()).textContent()
  const file = /field-\d+\.jpg/.exec(name ?? '')![0]
  await list.press('Enter')
  await expect(page.getByRole('textbox', { name: /^Reading of / })).toBeVisible()
  await expect(page.getByRole('main')).toContainText(file)
  await list.open()
  await expect(await list.active()).toContainText(file)
  await expect(await list.active()).toBeInViewport()
})

test('a search leaves what matches, and nothing that matches says so', async ({ page }) => {
  await list.press('/')
  const search = page.getByRole('searchbox', { name: 'Search label, reading or file' })
  await expect(search).toBeFocused()
  await search.fill('field-012')
  await expect(list.grid).toHaveAttribute('aria-rowcount', '2')
  await search.press('Enter')
  await expect(list.grid).toBeFocused()
  await search.fill('no such name')
  await expect(page.getByRole('heading', { name: 'No field matches' })).toBeVisible()
  await search.press('Enter')
  await expect(page.getByRole('button', { name: 'Show all' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(list.grid).toHaveAttribute('aria-rowcount', '69')
  await expect(search).toHaveValue('')
})

test('accepting all leaves what differs from its label; there the readings can be taken', async ({ page }) => {
  await list.press('Control+a')
  await list.press('a')
  await expect(list.said('the others differ from what was read')).toBeVisible()
  const differing = page.getByRole('button', { name: /^Label differs/ })
  const left = Number(/\d+/.exec((await differing.textContent())!)![0])
  expect(left).toBeGreaterThan(5)
  await differing.click()
  await expect(list.grid).toHaveAttribute('aria-rowcount', String(left + 1))
  await list.press('Control+a')
  await list.press('t')
  await expect(list.said(`${left} fields: their readings were taken.`)).toBeVisible()
  await expect(page.getByRole('contentinfo')).toContainText('68 of 68')
})
