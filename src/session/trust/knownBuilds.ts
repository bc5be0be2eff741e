// Builds of Node.js whose memory the tests of this project read and compare value by value; they need no test of their own.
export const KNOWN_BUILDS: ReadonlySet<string> = new Set([
  // linux-x64: 20.20.2, 22.23.3, 24.21.0.
  'ebeaf2df364d5eeb7096f0f7722a69eec6efdf3b',
  'a9b42ba41811e1291145304b7c278c5d3fbaca71',
  'bd05d6407047594fc3d31dd4ed4a37fe48c01f93',
]);
