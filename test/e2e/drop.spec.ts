/** A folder that is dropped on the page in a browser: copied to where Nomina reads it, and taken in. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { copySamples, test } from './app'

test('a folder dropped on the page is copied and taken in, and says where to', async ({ app, page }) => {
  const scans = copySamples(app.folder)
  writeFileSync(join(scans, 'notes.docx'), 'not for Nomina')
  await page.goto(app.url)
  await expect(page.getByRole('button', { name: /Try the sample/ })).toBeVisible()
  const devtools = await page.context().newCDPSession(page)
  const data = { items: [], files: [scans], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data })
  await expect(page.getByText('Drop scans here: files or whole folders')).toBeVisible()
  await devtools.send('Input.dispatchDragEvent', { type: 'drop', x: 400, y: 300, data })
  const dialog = page.getByRole('dialog', { name: 'New project' })
  await expect(dialog).toContainText('68 images')
  await expect(dialog).toContainText(/dropped.\d{4}-\d\d-\d\d school scans/)
  await expect(page.locator('.toast')).toContainText('1 other was left: Nomina does not read it.')
  const [folder] = readdirSync(join(app.folder, 'home', 'dropped'))
  expect(readdirSync(join(app.folder, 'home', 'dropped', folder!)).sort()).toEqual(
    readdirSync(scans)
      .filter((name) => name !== 'notes.docx')
      .sort()
  )
  await dialog.getByRole('button', { name: 'Import and read' }).click()
  await expect(page.getByText('Everything is read')).toBeVisible({ timeout: 60_000 })
})
