// Themes. VS Code sets the body's class and its variables; a page of its own follows what the system prefers.

/** Calls back when the theme's kind or its variables change. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}

/** Gives the body the class that VS Code would, after the system's colour scheme and contrast. */
export function followSystemTheme(): void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const contrast = matchMedia('(prefers-contrast: more)');
  const apply = () => {
    const kind = contrast.matches
      ? ['vscode-high-contrast', ...(light.matches ? ['vscode-high-contrast-light'] : [])]
      : [light.matches ? 'vscode-light' : 'vscode-dark'];
    document.body.classList.remove('vscode-dark', 'vscode-light', 'vscode-high-contrast', 'vscode-high-contrast-light');
    document.body.classList.add(...kind);
  };
  for (const query of [light, contrast]) query.addEventListener('change', apply);
  apply();
}
