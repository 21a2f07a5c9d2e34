/** `node scripts/draw-stages.js`: draws the stages of a visit into docs/architecture.md. */
'use strict';
const path = require('node:path');
process.argv.splice(2, 0, path.join(__dirname, 'stage-picture.ts'));
require('./run-typescript');
