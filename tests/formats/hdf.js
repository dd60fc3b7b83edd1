// SPDX-License-Identifier: Apache-2.0
//
// hdf.js LIBRARY HDF REPORT: loads an HDF file as Heimdall does and compares what it makes of each
// control with what the report has.
'use strict';
const fs = require('fs');
const [library, hdf, report] = process.argv.slice(2);
const { convertFile, contextualizeEvaluation } = require(require('path').resolve(library));

const words = {
	fail: 'Failed', unknown: 'Profile Error', warn: 'Not Reviewed', pass: 'Passed',
	skip: 'Not Applicable', waived: 'Not Applicable',
};

const evaluation = convertFile(fs.readFileSync(hdf, 'utf8'))['1_0_ExecJson'];
if (!evaluation)
	throw new Error('is no report of a run');
const is = new Map();
for (const profile of contextualizeEvaluation(evaluation).contains)
	for (const control of profile.contains)
		is.set(control.data.id, control.hdf);

const results = JSON.parse(fs.readFileSync(report, 'utf8')).results;
let wrong = 0;
for (const result of results) {
	const control = is.get(`${result.profile}/${result.ref}/${result.check}`);
	const verdict = result.waived ? 'waived' : result.verdict;
	const isGood = control && control.status === words[verdict] &&
		(verdict === 'skip' || control.severity === result.severity);
	if (!isGood) {
		console.log(`${result.ref}: ${verdict}: ${control && control.status}, ${control && control.severity}`);
		wrong++;
	}
}
if (is.size !== results.length)
	console.log(`${is.size} controls of ${results.length} results`);
process.exit(wrong || is.size !== results.length ? 1 : 0);
