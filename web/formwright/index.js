/* What `import … from 'formwright'` gives; index.d.ts tells the types. */
export { createForm } from './core.js'
