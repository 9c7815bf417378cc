import "node:module";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { resolve } from "node:path";
import { defineConfig } from "electron-vite";
// electron.vite.config.ts
const entry = (path) => resolve(import.meta.dirname, path);
var electron_vite_config_default = defineConfig({
	main: { build: {
		externalizeDeps: true,
		rollupOptions: {
			input: {
				index: entry("src/main/index.ts"),
				cli: entry("src/cli/index.ts"),
				engine: entry("src/reading/engine/engine.ts"),
				pages: entry("src/reading/pages/process/worker.ts")
			},
			output: {
				format: "es",
				entryFileNames: "[name].js",
				chunkFileNames: "chunks/[name]-[hash].js"
			}
		}
	} },
	preload: { build: {
		externalizeDeps: false,
		rollupOptions: {
			input: { index: entry("src/preload/index.ts") },
			output: {
				format: "cjs",
				entryFileNames: "[name].cjs"
			}
		}
	} },
	renderer: {
		root: entry("src/renderer"),
		plugins: [svelte()],
		build: { rollupOptions: { input: entry("src/renderer/index.html") } }
	}
});
export { electron_vite_config_default as default };

//# sourceMappingURL=data:application/json;charset=utf-8;base64,eyJ2ZXJzaW9uIjozLCJmaWxlIjoiZWxlY3Ryb24udml0ZS5jb25maWcuanMiLCJuYW1lcyI6W10sInNvdXJjZXMiOlsiL3dvcmsvd3QvaG91ci9lbGVjdHJvbi52aXRlLmNvbmZpZy50cyJdLCJzb3VyY2VzQ29udGVudCI6WyJpbXBvcnQgeyBzdmVsdGUgfSBmcm9tICdAc3ZlbHRlanMvdml0ZS1wbHVnaW4tc3ZlbHRlJ1xuaW1wb3J0IHsgcmVzb2x2ZSB9IGZyb20gJ25vZGU6cGF0aCdcbmltcG9ydCB7IGRlZmluZUNvbmZpZyB9IGZyb20gJ2VsZWN0cm9uLXZpdGUnXG5cbi8vIE9uZSBOb2RlIGJ1aWxkIGhvbGRzIGJvdGggc2hlbGxzLCB0aGUgY29tbWFuZCBsaW5lIGFuZCB0aGUgcHJvY2Vzc2VzIG9mIHJlY29nbml0aW9uIGFuZCBwYWdlczsgZGVwZW5kZW5jaWVzIHN0YXkgaW4gbm9kZV9tb2R1bGVzLlxuY29uc3QgZW50cnkgPSAocGF0aDogc3RyaW5nKTogc3RyaW5nID0+IHJlc29sdmUoaW1wb3J0Lm1ldGEuZGlybmFtZSwgcGF0aClcblxuZXhwb3J0IGRlZmF1bHQgZGVmaW5lQ29uZmlnKHtcbiAgbWFpbjoge1xuICAgIGJ1aWxkOiB7XG4gICAgICBleHRlcm5hbGl6ZURlcHM6IHRydWUsXG4gICAgICByb2xsdXBPcHRpb25zOiB7XG4gICAgICAgIGlucHV0OiB7XG4gICAgICAgICAgaW5kZXg6IGVudHJ5KCdzcmMvbWFpbi9pbmRleC50cycpLFxuICAgICAgICAgIGNsaTogZW50cnkoJ3NyYy9jbGkvaW5kZXgudHMnKSxcbiAgICAgICAgICBlbmdpbmU6IGVudHJ5KCdzcmMvcmVhZGluZy9lbmdpbmUvZW5naW5lLnRzJyksXG4gICAgICAgICAgcGFnZXM6IGVudHJ5KCdzcmMvcmVhZGluZy9wYWdlcy9wcm9jZXNzL3dvcmtlci50cycpXG4gICAgICAgIH0sXG4gICAgICAgIG91dHB1dDogeyBmb3JtYXQ6ICdlcycsIGVudHJ5RmlsZU5hbWVzOiAnW25hbWVdLmpzJywgY2h1bmtGaWxlTmFtZXM6ICdjaHVua3MvW25hbWVdLVtoYXNoXS5qcycgfVxuICAgICAgfVxuICAgIH1cbiAgfSxcbiAgcHJlbG9hZDoge1xuICAgIGJ1aWxkOiB7XG4gICAgICBleHRlcm5hbGl6ZURlcHM6IGZhbHNlLFxuICAgICAgcm9sbHVwT3B0aW9uczoge1xuICAgICAgICBpbnB1dDogeyBpbmRleDogZW50cnkoJ3NyYy9wcmVsb2FkL2luZGV4LnRzJykgfSxcbiAgICAgICAgb3V0cHV0OiB7IGZvcm1hdDogJ2NqcycsIGVudHJ5RmlsZU5hbWVzOiAnW25hbWVdLmNqcycgfVxuICAgICAgfVxuICAgIH1cbiAgfSxcbiAgcmVuZGVyZXI6IHtcbiAgICByb290OiBlbnRyeSgnc3JjL3JlbmRlcmVyJyksXG4gICAgcGx1Z2luczogW3N2ZWx0ZSgpXSxcbiAgICBidWlsZDogeyByb2xsdXBPcHRpb25zOiB7IGlucHV0OiBlbnRyeSgnc3JjL3JlbmRlcmVyL2luZGV4Lmh0bWwnKSB9IH1cbiAgfVxufSlcbiJdLCJtYXBwaW5ncyI6Ijs7Ozs7QUFLQSxNQUFNLFNBQVMsU0FBeUIsUUFBUSxZQUFZLFNBQVMsSUFBSTtBQUV6RSxJQUFBLCtCQUFlLGFBQWE7Q0FDMUIsTUFBTSxFQUNKLE9BQU87RUFDTCxpQkFBaUI7RUFDakIsZUFBZTtHQUNiLE9BQU87SUFDTCxPQUFPLE1BQU0sbUJBQW1CO0lBQ2hDLEtBQUssTUFBTSxrQkFBa0I7SUFDN0IsUUFBUSxNQUFNLDhCQUE4QjtJQUM1QyxPQUFPLE1BQU0scUNBQXFDO0dBQ3BEO0dBQ0EsUUFBUTtJQUFFLFFBQVE7SUFBTSxnQkFBZ0I7SUFBYSxnQkFBZ0I7R0FBMEI7RUFDakc7Q0FDRixFQUNGO0NBQ0EsU0FBUyxFQUNQLE9BQU87RUFDTCxpQkFBaUI7RUFDakIsZUFBZTtHQUNiLE9BQU8sRUFBRSxPQUFPLE1BQU0sc0JBQXNCLEVBQUU7R0FDOUMsUUFBUTtJQUFFLFFBQVE7SUFBTyxnQkFBZ0I7R0FBYTtFQUN4RDtDQUNGLEVBQ0Y7Q0FDQSxVQUFVO0VBQ1IsTUFBTSxNQUFNLGNBQWM7RUFDMUIsU0FBUyxDQUFDLE9BQU8sQ0FBQztFQUNsQixPQUFPLEVBQUUsZUFBZSxFQUFFLE9BQU8sTUFBTSx5QkFBeUIsRUFBRSxFQUFFO0NBQ3RFO0FBQ0YsQ0FBQyJ9