/** For the unit tests of programs: `@orrery/constructs/testing`. Not a part of the API for other languages. */
export { Match, Matcher } from './match';
export { Template, type TestedObject } from './template';
