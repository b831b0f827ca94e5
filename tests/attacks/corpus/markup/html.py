"""Writes HTML and JavaScript into outputs, names and messages, for whoever opens the feedback."""

# %% double
from IPython.display import HTML, SVG, IFrame, Image, Javascript, Markdown

SCRIPT = "<script>alert('markup_attack')</script><img src=x onerror=alert('markup_attack')>"
print(SCRIPT)
display(HTML(SCRIPT), Javascript("alert('markup_attack')"), Markdown(SCRIPT))
display(SVG(f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>"))
display(IFrame("javascript:alert('markup_attack')", 9, 9))
display(Image(url="https://example.com/markup_attack"))
display({"text/html": f'<img alt="x" {SCRIPT} src="data:image/png;base64,AAAA">'}, raw=True)


def double(x):
    raise type(SCRIPT, (Exception,), {})(SCRIPT + "</td></table>`" + SCRIPT)


# %% last
raise type(SCRIPT, (Exception,), {})(SCRIPT)
