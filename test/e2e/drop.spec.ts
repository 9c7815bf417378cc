/** A folder that is dropped on the page in a browser: copied to where Nomina reads it, and taken in. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { callCore, copySamples, test } from './app'

async function dropOn(page: Page, folder: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data })
  await expect(page.getByText('Drop scans here: files or whole folders')).toBeVisible()
  await devtools.send('Input.dispatchDragEvent', { type: 'drop', x: 400, y: 300, data })
}

test('a folder dropped on the page is copied and taken in, and says where to', async ({ app, page }) => {
  const scans = copySamples(app.folder)
  writeFileSync(join(scans, 'notes.docx'), 'not for Nomina')
  await page.goto(app.url)
  await expect(page.getByRole('button', { name: /Try the sample/ })).toBeVisible()
  await dropOn(page, scans)
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

test('strips dropped into a project of forms stay single fields; beside the list of projects they are a new one', async ({
  app,
  page
}) => {
  const scans = copySamples(app.folder)
  await page.goto(app.url)
  await callCore(page, 'project.openSample', { sample: 'forms' })
  await page.reload()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByText('Everything is read')).toBeVisible({ timeout: 90_000 })
  await dropOn(page, scans)
  const dialog = page.getByRole('dialog', { name: /^Add a folder to / })
  await expect(dialog).toContainText('68 images')
  await expect(dialog.getByRole('radio', { name: 'Single fields' })).toBeChecked()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Nomina, projects' }).click()
  await dropOn(page, scans)
  await expect(page.getByRole('dialog', { name: 'New project' })).toContainText('68 images')
})
