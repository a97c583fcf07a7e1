export interface Snippet {
  readonly language: string;
  readonly code: string;
}

/** Programs that ask for an approval and wait for the decision, for a server and a key. They need nothing but what the language has. */
export function snippets(url: string, key: string): readonly Snippet[] {
  return [
    { language: "curl", code: curl(url, key) },
    { language: "TypeScript", code: typescript(url, key) },
    { language: "Python", code: python(url, key) },
    { language: "Java", code: java(url, key) },
  ];
}

const body = '{"title":"Refund order 9?","action":{"name":"refund","args":{"orderId":9,"amount":42}},"risk":"high","expiresIn":600}';

const curl = (url: string, key: string) => `URL=${url} KEY=${key}
ID=$(curl -sf "$URL/v1/approvals" -H "Authorization: Bearer $KEY" \\
  -H "Idempotency-Key: $(date +%s%N)" -H 'Content-Type: application/json' \\
  -d '${body}' \\
  | sed -E 's/.*"id":"(apr_[^"]+)".*/\\1/')
while ANSWER=$(curl -sf "$URL/v1/approvals/$ID?wait=50" -H "Authorization: Bearer $KEY")
do case $ANSWER in *'"status":"pending"'*) ;; *) echo "$ANSWER"; break ;; esac
done
`;

const typescript = (url: string, key: string) => `const url = "${url}";
const headers = { Authorization: "Bearer ${key}", "Content-Type": "application/json" };

async function answerOf(response: Response) {
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

let approval = await answerOf(await fetch(url + "/v1/approvals", {
  method: "POST",
  headers: { ...headers, "Idempotency-Key": String(Date.now()) },
  body: JSON.stringify({
    title: "Refund order 9?",
    action: { name: "refund", args: { orderId: 9, amount: 42 } },
    risk: "high",
    expiresIn: 600,
  }),
}));
while (approval.status === "pending") {
  approval = await answerOf(await fetch(\`\${url}/v1/approvals/\${approval.id}?wait=50\`, { headers }));
}
console.log(approval.status, approval.resolution);
`;

const python = (url: string, key: string) => `import json, time, urllib.request

url = "${url}"
headers = {"Authorization": "Bearer ${key}", "Content-Type": "application/json"}

def call(path, body=None, more={}):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {**headers, **more})
    with urllib.request.urlopen(request, timeout=70) as response:
        return json.load(response)

approval = call("/v1/approvals", {
    "title": "Refund order 9?",
    "action": {"name": "refund", "args": {"orderId": 9, "amount": 42}},
    "risk": "high",
    "expiresIn": 600,
}, {"Idempotency-Key": str(time.time_ns())})
while approval["status"] == "pending":
    approval = call("/v1/approvals/" + approval["id"] + "?wait=50")
print(approval["status"], approval.get("resolution"))
`;

const java = (url: string, key: string) => `// java Ask.java
import java.net.URI;
import java.net.http.*;
import java.util.regex.Pattern;

class Ask {
    static final String URL = "${url}";
    static final String KEY = "${key}";
    static final HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws Exception {
        String approval = send(request("/v1/approvals")
                .header("Idempotency-Key", String.valueOf(System.nanoTime()))
                .POST(HttpRequest.BodyPublishers.ofString("""
                        ${body}
                        """)));
        var id = Pattern.compile("\\"id\\":\\"(apr_[^\\"]+)\\"").matcher(approval);
        id.find();
        while (approval.contains("\\"status\\":\\"pending\\"")) {
            approval = send(request("/v1/approvals/" + id.group(1) + "?wait=50"));
        }
        System.out.println(approval);
    }

    static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(URL + path))
                .header("Authorization", "Bearer " + KEY)
                .header("Content-Type", "application/json");
    }

    static String send(HttpRequest.Builder request) throws Exception {
        var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) throw new IllegalStateException(response.body());
        return response.body();
    }
}
`;
