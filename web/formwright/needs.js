/* Needs: what only some forms need is in files of its own. A module names them (`needs`), and they are there before createForm() is called.
 *
 *     await fetchNeeds(module)             what its `needs` name is loaded, all at once
 *     more.zoneOf?.('Europe/Berlin')       a function of zone.js, where somebody needs it */

/* All that has come, by name. */
export const more = {}

const FILES = { helpers: () => import('./helpers.js'), moments: () => import('./moments.js'), looks: () => import('./looks.js') }

/* `files`: what modules export. */
export const provide = (...files) => Object.assign(more, ...files)
export const fetchNeeds = async ({ needs = [] }) => provide(...(await Promise.all(needs.map((name) => FILES[name]()))))
