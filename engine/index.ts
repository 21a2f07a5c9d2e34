export { findTemporalProgram, TemporalProgramError } from './find-program';
export { startEmbeddedEngine } from './start-engine';
export { runningEngine } from './embedded-engine';
export type { EmbeddedEngine } from './embedded-engine';
export type { EngineApi } from './server-process';
export { EngineVersionError } from './engine-record';
export { createCommand, missingAttributes, registerSearchAttributes, SearchAttributesError } from './search-attributes';
export { createUiPages } from './ui-pages';
export type { UiPages } from './ui-pages';
