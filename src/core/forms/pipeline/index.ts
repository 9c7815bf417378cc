/** From pages to fields: registration of what waits, and what a person corrects. */
export { registerPages, type PagesHooks, type PagesResult } from './run'
export { discardPages, layByHand, readPage, recutField, recutImage, registerAgain, restorePages } from './pages'
