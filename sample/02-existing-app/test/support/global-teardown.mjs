export default () => globalThis.testDatabase.drop();
