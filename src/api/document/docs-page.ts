import express, { Router } from 'express';
import { absolutePath } from 'swagger-ui-dist';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Seatwise API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/begin.js"></script>
</body>
</html>
`;
// Without this setting the page would call a validator on the internet.
const begin = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', validatorUrl: null, persistAuthorization: false, tryItOutEnabled: true });
`;
const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** The OpenAPI document as a page; it loads nothing from elsewhere. */
export function docsPage(): Router {
  const router = Router();
  router.get('/docs', (_request, response) => {
    response.type('html').send(page);
  });
  router.get('/docs/begin.js', (_request, response) => {
    response.type('text/javascript').send(begin);
  });
  const assets = express.static(absolutePath(), { index: false, maxAge: '1h' });
  router.use('/docs', (request, response, next) => {
    if (files.includes(request.path.slice(1))) assets(request, response, next);
    else next();
  });
  return router;
}
