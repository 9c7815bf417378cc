/** From files to pages: PDFs, multi-page TIFFs and images, as they are stored. */

export type { PageOrigin, PageSource, StoredPage } from './page-source'
export { openSource } from './source'
