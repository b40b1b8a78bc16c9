using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Verifiers;

public sealed class JsonSchemaVerifierTests
{
    [Theory]
    [InlineData("true", "1", true)]
    [InlineData("false", "1", false)]
    [InlineData("""{"type":"integer"}""", "1.0", true)]
    [InlineData("""{"type":"integer"}""", "1.5", false)]
    [InlineData("""{"type":["string","null"]}""", "null", true)]
    [InlineData("""{"type":"number"}""", "\"1\"", false)]
    [InlineData("""{"enum":["1",{"a":1}]}""", "1", false)]
    [InlineData("""{"enum":["1",{"a":1}]}""", """{"a":1.0}""", true)]
    [InlineData("""{"const":null}""", "null", true)]
    [InlineData("""{"const":null}""", "0", false)]
    [InlineData("""{"minimum":0.1,"exclusiveMaximum":1e2}""", "0.1", true)]
    [InlineData("""{"minimum":0.1,"exclusiveMaximum":1e2}""", "100", false)]
    [InlineData("""{"minimum":0.1,"exclusiveMaximum":1e2}""", "0.09999999999999999999999999999", false)]
    [InlineData("""{"multipleOf":0.1}""", "0.3", true)]
    [InlineData("""{"multipleOf":0.1}""", "0.35", false)]
    [InlineData("""{"minLength":2,"maxLength":2}""", "\"\uD83D\uDE00\"", false)]
    [InlineData("""{"pattern":"^a+$"}""", "\"aaa\"", true)]
    [InlineData("""{"pattern":"^a+$"}""", "\"ab\"", false)]
    [InlineData("""{"required":["a"]}""", """{"b":1}""", false)]
    [InlineData("""{"required":["a"]}""", "[]", true)]
    [InlineData("""{"properties":{"a":{"type":"string"}},"additionalProperties":false}""", """{"a":"x"}""", true)]
    [InlineData("""{"properties":{"a":{"type":"string"}},"additionalProperties":false}""", """{"a":"x","b":1}""", false)]
    [InlineData("""{"patternProperties":{"^n":{"type":"number"}},"additionalProperties":{"type":"string"}}""", """{"n1":1,"s":"x"}""", true)]
    [InlineData("""{"patternProperties":{"^n":{"type":"number"}},"additionalProperties":{"type":"string"}}""", """{"n1":"x"}""", false)]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", false)]
    [InlineData("""{"minProperties":1,"maxProperties":1}""", """{"a":1,"b":2}""", false)]
    [InlineData("""{"items":{"type":"integer"},"minItems":1,"maxItems":2,"uniqueItems":true}""", "[1,2]", true)]
    [InlineData("""{"items":{"type":"integer"},"minItems":1,"maxItems":2,"uniqueItems":true}""", "[1,1.0]", false)]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",true]""", true)]
    [InlineData("""{"prefixItems":[{"type":"integer"}],"items":false}""", "[1]", true)]
    [InlineData("""{"prefixItems":[{"type":"integer"}],"items":false}""", "[1,2]", false)]
    [InlineData("""{"items":[{"type":"integer"}],"additionalItems":{"type":"string"}}""", """[1,"a"]""", true)]
    [InlineData("""{"items":[{"type":"integer"}],"additionalItems":{"type":"string"}}""", "[1,2]", false)]
    [InlineData("""{"contains":{"const":3}}""", "[1,2]", false)]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", "3", false)]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":5}]}""", "4", false)]
    [InlineData("""{"oneOf":[{"minimum":1},{"maximum":2}]}""", "1.5", false)]
    [InlineData("""{"not":{"type":"string"}}""", "\"x\"", false)]
    [InlineData("""{"if":{"minimum":10},"then":{"multipleOf":10},"else":{"multipleOf":3}}""", "20", true)]
    [InlineData("""{"if":{"minimum":10},"then":{"multipleOf":10},"else":{"multipleOf":3}}""", "5", false)]
    [InlineData("""{"$defs":{"tree":{"properties":{"next":{"$ref":"#/$defs/tree"},"v":{"type":"integer"}}}},"properties":{"root":{"$ref":"#/$defs/tree"}}}""", """{"root":{"next":{"v":"x"}}}""", false)]
    public async Task Values_are_held_against_the_schema(string schema, string value, bool isRight)
    {
        var verdict = await new JsonSchemaVerifier(schema).VerifyAsync(null!, value);
        verdict.IsCorrect.ShouldBe(isRight);
        (verdict.Reason is null).ShouldBe(isRight);
    }

    [Theory]
    [InlineData("""{"minimun":1}""", "The JSON schema has the keyword 'minimun' at #, which is not checked here; did you mean 'minimum'?")]
    [InlineData("""{"properties":{"a":{"format":"date"}}}""", "The JSON schema has the keyword 'format' at #/properties/a, which is not checked here; ")]
    [InlineData("""{"type":"integr"}""", "The JSON schema's #/type must be one or more of ")]
    [InlineData("""{"pattern":"("}""", "The JSON schema's #/pattern must be a regular expression.")]
    [InlineData("""{"pattern":"(a)\\1"}""", "The JSON schema's #/pattern must be a regular expression.")]
    [InlineData("""{"minLength":-1}""", "The JSON schema's #/minLength must be a whole number, at least 0.")]
    [InlineData("""{"multipleOf":0}""", "The JSON schema's #/multipleOf must be a number over 0.")]
    [InlineData("""{"maximum":1e999999999}""", "The JSON schema's #/maximum must be a number of moderate length.")]
    [InlineData("""{"$ref":"http://localhost/schema"}""", "The JSON schema's #/$ref must point into this schema, such as ")]
    [InlineData("""{"$ref":"#/$defs/x"}""", "The JSON schema's #/$ref must point into this schema, such as ")]
    [InlineData("""{"$ref":"#/$defs/x","minimum":1,"$defs":{"x":true}}""", "The JSON schema's # has '$ref' beside other rules")]
    [InlineData("""{"allOf":{}}""", "The JSON schema's #/allOf must be a list of schemas.")]
    [InlineData("[]", "The JSON schema's # is not an object, true or false.")]
    [InlineData("{", "The schema is not JSON: ")]
    public void A_schema_that_cannot_be_checked_in_full_is_refused(string schema, string message) =>
        Should.Throw<VerifierException>(() => new JsonSchemaVerifier(schema)).Message.ShouldStartWith(message);

    [Theory]
    [InlineData("```json\n{\"a\": 1}\n```\nDone {\"a\": 2}.", """{"a": 1}""")]
    [InlineData("First [1], then it is {\"a\": [2]}, I think.", """{"a": [2]}""")]
    [InlineData("The answer:\n42", "42")]
    [InlineData("""{"a": {"b": 1}}""", """{"a": {"b": 1}}""")]
    [InlineData("[1, {oops, [2]", "[2]")]
    public async Task The_last_value_of_the_text_counts(string text, string value) =>
        (await new JsonSchemaVerifier("{}").VerifyAsync(null!, text)).ShouldSatisfyAllConditions(v => v.IsCorrect.ShouldBe(true), v => v.Answer!.Trim().ShouldBe(value));

    [Theory]
    [InlineData("no value here")]
    [InlineData("")]
    [InlineData("```json\n{\n```")]
    [InlineData("""{"a": 1, "a": 2}""")]
    public async Task A_text_without_a_value_is_wrong(string text) =>
        (await new JsonSchemaVerifier("true").VerifyAsync(null!, text)).ShouldBe(new Verdict(false, null, "there is no JSON value in it"));

    [Fact]
    public async Task What_would_never_end_is_unverified()
    {
        (await new JsonSchemaVerifier("""{"$defs":{"x":{"$ref":"#/$defs/x"}},"$ref":"#/$defs/x"}""").VerifyAsync(null!, "1")).IsCorrect.ShouldBeNull();
        (await new JsonSchemaVerifier("""{"minimum":1}""").VerifyAsync(null!, "1e999999")).IsCorrect.ShouldBeNull();
        (await new JsonSchemaVerifier("{}").VerifyAsync(null!, new string('[', 50_000))).IsCorrect.ShouldBe(false);
    }
}
