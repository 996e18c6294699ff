import { project } from './jest.config.mjs';

/** Recorded replies of real providers, which lie outside of the project: `npm run test:replay`. */
export default { projects: [project('replay', ['<rootDir>/test/replay/**/*.spec.ts'])] };
